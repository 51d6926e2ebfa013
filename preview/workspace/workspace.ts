import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/**
 * Gives a folder to work in, for the user alone - plans hold secrets in clear - and removes it afterwards, however the
 * work ends.
 */
export async function inWorkspace<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-preview-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Copies a synthesis without what Terraform left in it. */
export function copySynthesis(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    filter: (path) => !/^\.terraform$|^terraform\..*tfstate|\.tfplan$|^plan\.jsonl?$/.test(basename(path)),
  });
}
