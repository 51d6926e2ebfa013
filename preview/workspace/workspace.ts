import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/**
 * Creates a temporary folder that only the user can read, because plans contain secrets in plain text, and deletes it
 * afterwards, even after an error.
 */
export async function inWorkspace<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-preview-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Copies a synthesized app without the files that Terraform created in it. */
export function copySynthesis(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    filter: (path) => !/^\.terraform$|^terraform\..*tfstate|\.tfplan$|^plan\.jsonl?$/.test(basename(path)),
  });
}
