import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DatasetSpec, specToJson } from "../dataset";
import { writeWhole } from "../job/files";
import { diffReport } from "../preview/preview";
import { buildPage } from "../preview/render/html/build";
import { html } from "../preview/render/html/html";
import type { Report } from "../preview/report";
import { readApp } from "../preview/synth/read";
import { runCommand } from "./child";
import { TourFailure } from "./failure";

/**
 * Synthesizes dev to a folder, without a data set or, if catalog/ does not have it, with it in addition.
 *
 * @returns whether the folder has the data set, or cdktf.out
 * @throws TourFailure if the synthesis fails
 */
export async function synthesizeOther(spec: DatasetSpec, folder: string): Promise<"with" | "without"> {
  const file = join(folder, "specification.json");
  await writeFile(file, specToJson(spec));
  const args = [file, folder];
  const { exitCode, lines } = await runCommand("scripts/synth-other.ts", args, { PLATFORM_ENV: "dev" });
  if (exitCode !== 0) {
    throw new TourFailure(
      `the synthesis of dev for the preview of ${spec.id} failed with exit code ${exitCode}; see the error above. ` +
        "To synthesize dev alone: npm run synth",
      exitCode,
    );
  }
  return lines.at(-1) === "with" ? "with" : "without";
}

/**
 * The preview that reviewers see for the pull request that adds a data set, made without Terraform.
 *
 * @param base folder with the synthesized platform without the data set
 * @param head folder with the complete synthesized platform
 */
export function previewOfAdding(dataset: string, base: string, head: string): Report {
  const sides = { base: readApp(base), head: readApp(head) };
  const { changes } = diffReport(sides);
  // The sides differ only in this file, so it causes all changes.
  return diffReport({ ...sides, causes: [{ files: [`catalog/${dataset}.ts`], resources: changes }] });
}

/** The preview for the terminal: the verdict, and the changes of each stack. */
export function previewText({ headline, changes, guard }: Report): string {
  const byStack = new Map<string, Map<string, number>>();
  for (const { stack, action, type } of changes) {
    const kinds = byStack.get(stack) ?? new Map<string, number>();
    const kind = `${action} ${type}`;
    byStack.set(stack, kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
  }
  const width = Math.max(...[...byStack.keys()].map((stack) => stack.length)) + 2;
  const lines = [...byStack].flatMap(([stack, kinds]) =>
    [...kinds].map(
      ([kind, count], index) =>
        `${(index === 0 ? stack : "").padEnd(width)}${kind}${count > 1 ? ` (${count})` : ""}`,
    ),
  );
  const verdict = guard.length === 0 ? " No data is lost, and access is not broadened." : "";
  return [`${headline}.${verdict}`, ...lines].join("\n");
}

/** Writes the preview as a page. */
export async function writePreview(report: Report, file: string): Promise<void> {
  const page = html(report, await buildPage());
  await writeWhole(file, (draft) => writeFile(draft, page), `${file}.${process.pid}`);
}
