import { InvalidArgumentError, Option } from "commander";
import { prepareOutput, writeOutput } from "../files";
import type { Report, Verdict } from "../report";
import { buildPage } from "../render/html/build";
import { html } from "../render/html/html";
import { json } from "../render/json";
import { junit } from "../render/junit";
import { markdown, summary } from "../render/markdown/markdown";
import { oneLine } from "../render/plain";
import { sarif } from "../render/sarif";

/** A format and its output file; without a file, standard output. */
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
    `one or more of ${formats.join(", ")}; "=file" writes to a file instead of standard output`,
  ).default(["markdown"]);
}

const formats = ["markdown", "summary", "json", "sarif", "junit", "html"] as const;

/**
 * Parses the values of {@link formatOption}, and creates the folders of the files.
 *
 * @throws InvalidArgumentError if a format does not exist, or several formats go to one file or standard output
 * @throws Error if a file cannot be written
 */
export function outputsOf(texts: readonly string[]): Output[] {
  const outputs = texts.map((text) => {
    const [name, ...file] = text.split("=");
    const format = formats.find((one) => one === name);
    if (format === undefined || (file.length > 0 && file.join("=") === ""))
      throw new InvalidArgumentError(
        `"${text}" is not a valid format; available: ${formats.join(", ")}. To write to a file, append "=file"`,
      );
    return { format, ...(file.length > 0 && { file: file.join("=") }) };
  });
  if (outputs.filter(({ file }) => file === undefined).length > 1)
    throw new InvalidArgumentError(
      "only one format can be written to standard output; write the others to files: --format markdown json=report.json",
    );
  const files = outputs.flatMap(({ file }) => file ?? []);
  const twice = files.find((file, at) => files.indexOf(file) !== at);
  if (twice !== undefined)
    throw new InvalidArgumentError(`two formats would be written to ${twice}; name a file for each`);
  for (const { format, file } of outputs) if (file !== undefined) prepareOutput(optionOf(format, file), file);
  return outputs;
}

/** Writes the report in all requested formats, and sets the exit code from its verdict. */
export async function write(report: Report, outputs: readonly Output[]): Promise<void> {
  for (const { format, file } of outputs) {
    const text = await renderers[format](report);
    if (file === undefined) process.stdout.write(text);
    else writeOutput(optionOf(format, file), file, text);
  }
  // The report can be in a file that nobody opens.
  for (const { name, detail = "" } of report.stacks.filter(({ status }) => status === "errored"))
    process.stderr.write(`${name}: ${oneLine(detail)}\n`);
  process.exitCode = exitCodes[report.verdict];
}

function optionOf(format: Format, file: string): string {
  return `--format ${format}=${file}`;
}

/** Exit codes by verdict. */
export const exitCodes: Readonly<Record<Verdict, number>> = { none: 0, error: 1, changed: 2, guard: 3 };
