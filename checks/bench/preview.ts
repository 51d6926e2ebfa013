/**
 * `npm run bench:preview [-- <plan.json>]`: time and memory of a preview of 5,000 changes, compared with reading and
 * parsing the same file, and with other renderers. tf-summarize is built with Go if possible.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { largePlan } from "../../__tests__/preview/support/large-plan";
import { bundled } from "../../scripts/bundled";
import { columns } from "../columns";
import { type Figures, measured, type Way } from "./measure";
import { installTfSummarize } from "./tf-summarize";

/** Limits of a preview: multiples of the time of reading and parsing the file, and of its size. */
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
    const peers = await peerWays(file);
    const all = [...ways, ...peers.ways];
    const figures = await measured(all, rounds);
    process.stdout.write(`${[report(all, figures, statSync(file).size), ...peers.missing].join("\n")}\n`);
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** Runs the preview, whose exit codes other than 1 are not failures. */
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
    `${(bytes / 1e6).toFixed(0)} MB of plan, medians of ${rounds} runs; limits: ${bar.times} x the time, ${bar.memory} x the file`,
    columns([["", "time", "of parsing", "memory", "of the file"], ...rows]),
  ].join("\n");
}

/** Other renderers that are installed or can be built, and why the others are missing. */
async function peerWays(
  file: string,
): Promise<{ readonly ways: readonly Way[]; readonly missing: readonly string[] }> {
  const built = await installTfSummarize();
  const program = built.kind === "there" ? built.place.program : "tf-summarize";
  const candidates: readonly (readonly [name: string, program: string, ...args: string[]])[] = [
    ["tf-summarize", program, "-md", file],
    ["terraform-plan-comment", "terraform-plan-comment", file],
  ];
  const found = candidates.filter(([, command]) => spawnSync(command, ["--help"]).error === undefined);
  const missing = candidates.filter((one) => !found.includes(one));
  return {
    ways: found.map(([name, ...command]) => ({
      name: `${name}, time only`,
      args: ["-e", runsProgram, ...command],
    })),
    missing: missing.map(([name]) =>
      name === "tf-summarize" && built.kind === "missing"
        ? `${name}: not installed (${built.reason})`
        : `${name}: not installed`,
    ),
  };
}

/** Runs another program; the memory of the row is that of Node.js alone. */
const runsProgram = `
const { spawnSync } = require("node:child_process");
const [program, ...args] = process.argv.slice(1);
process.exitCode = spawnSync(program, args, { maxBuffer: 1e9, timeout: 60_000 }).error === undefined ? 0 : 1;
`;

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
