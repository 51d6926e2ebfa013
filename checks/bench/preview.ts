/**
 * `npm run bench:preview [-- <plan.json>]`: time and memory of a preview of 5,000 changes, compared with reading and
 * parsing the same file, and with other renderers if they are installed.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { largePlan } from "../../__tests__/preview/support/large-plan";
import { bundled } from "../../scripts/bundled";
import { columns } from "../columns";
import { type Figures, measured, type Way } from "./measure";

/** Limits for a preview: time relative to reading and parsing the file, and bytes of memory per byte of the file. */
const bar = { times: 3, memory: 10 };

const rounds = 5;

async function main(given: string | undefined): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), "bench-preview-"));
  try {
    const file = given === undefined ? join(place, "plan.json") : resolve(given);
    if (given === undefined) writeFileSync(file, largePlan(5_000).content);
    // In the project, so that its packages are found.
    const program = resolve("dist", "bench-preview.cjs");
    bundled("preview/main.ts", program);
    const formats = ["markdown", "summary", "json", "sarif", "junit", "html"];
    const ways: Way[] = [
      {
        name: "read and parse",
        args: ["-e", "JSON.parse(require('fs').readFileSync(process.argv[1], 'utf8'))", file],
      },
      ...formats.map((format) => ({
        name: format,
        args: [
          "-e",
          started,
          program,
          "render",
          "--plan",
          file,
          "--format",
          `${format}=${join(place, "out")}`,
        ],
      })),
    ];
    const figures = await measured(ways, rounds);
    process.stdout.write(`${report(ways, figures, statSync(file).size)}\n${peers(file)}\n`);
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** Runs a program whose exit codes 0 and 1 both mean success. */
const started = `
require(process.argv.splice(1, 1)[0]);
process.on("exit", (code) => { if (code > 1) process.exitCode = 0; });
`;

function report(ways: readonly Way[], figures: readonly Figures[], bytes: number): string {
  const parsing = figures[0]?.seconds.median ?? Number.NaN;
  const rows = ways.map(({ name }, at) => {
    const { seconds, megabytes } = figures[at] ?? {
      seconds: { median: Number.NaN },
      megabytes: { median: Number.NaN },
    };
    return [
      name,
      `${seconds.median.toFixed(2)} s`,
      `${(seconds.median / parsing).toFixed(1)} x`,
      `${megabytes.median.toFixed(0)} MB`,
      `${((megabytes.median * 1e6) / bytes).toFixed(1)} x`,
    ];
  });
  return [
    `${(bytes / 1e6).toFixed(0)} MB of plan, medians of ${rounds}; limits: ${bar.times} x the time and ${bar.memory} x the file`,
    columns([["", "time", "of parsing", "memory", "of the file"], ...rows]),
  ].join("\n");
}

function peers(file: string): string {
  const commands: readonly (readonly string[])[] = [
    ["tf-summarize", "-md", file],
    ["terraform-plan-comment", file],
  ];
  return commands
    .map(([name = "", ...args]) => {
      const began = performance.now();
      const { status, error } = spawnSync(name, args, { timeout: 60_000, maxBuffer: 1e9 });
      if (status === null && error !== undefined && "code" in error && error.code === "ENOENT")
        return `${name}: not installed`;
      return `${name}: ${status === null ? "did not finish within a minute" : `${((performance.now() - began) / 1000).toFixed(2)} s`}`;
    })
    .join("\n");
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
