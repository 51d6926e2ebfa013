import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import type { Report, Verdict } from "../report";
import { buildPage } from "../render/html/build";
import { html } from "../render/html/html";
import { json } from "../render/json";
import { junit } from "../render/junit";
import { markdown, summary } from "../render/markdown/markdown";
import { sarif } from "../render/sarif";

/** A format, and the file it goes to; to standard output without one. */
export interface Output {
  readonly format: Format;
  readonly file?: string;
}

export type Format = (typeof formats)[number];

const renderers: Readonly<Record<Format, (report: Report) => string | Promise<string>>> = {
  markdown: (report) => markdown(report),
  summary,
  json,
  sarif,
  junit,
  html: async (report) => html(report, await buildPage()),
};

/** `--format markdown`, or several at once: `--format markdown json=report.json html=report.html`. */
export function formatOption(): Option {
  return new Option(
    "--format <formats...>",
    `one or more of ${formats.join(", ")}; to standard output, or to the file after "="`,
  ).default(["markdown"]);
}

const formats = ["markdown", "summary", "json", "sarif", "junit", "html"] as const;

/**
 * Reads what was given with {@link formatOption}.
 *
 * @throws InvalidArgumentError for a format that does not exist, or two for standard output
 */
export function outputsOf(texts: readonly string[]): Output[] {
  const outputs = texts.map((text) => {
    const [name, ...file] = text.split("=");
    const format = formats.find((one) => one === name);
    if (format === undefined || (file.length > 0 && file.join("=") === ""))
      throw new InvalidArgumentError(
        `"${text}" is not a valid format: use ${formats.join(", ")}, and "=file" to write one to a file`,
      );
    return { format, ...(file.length > 0 && { file: file.join("=") }) };
  });
  if (outputs.filter(({ file }) => file === undefined).length > 1)
    throw new InvalidArgumentError(
      "only one format can go to standard output: --format markdown json=report.json",
    );
  return outputs;
}

/** Writes the report in every format asked for, and says the exit code by it. */
export async function write(report: Report, outputs: readonly Output[]): Promise<void> {
  for (const { format, file } of outputs) {
    const text = await renderers[format](report);
    if (file === undefined) process.stdout.write(text);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
  process.exitCode = exitCodes[report.verdict];
}

/** What a script can go by. */
export const exitCodes: Readonly<Record<Verdict, number>> = { none: 0, error: 1, changed: 2, guard: 3 };
