import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { bundled } from "../../scripts/bundled";
import { runProgram } from "../../programs/program";
import { columns } from "../columns";
import { type Figures, measured, spreadText, type Way } from "./measure";
import { type Peer, peer } from "./peers";

/** Limits for the synthesis of the platform as one process. */
const limits = { seconds: 0.6, megabytes: 120 };

/** Limits for a platform with a thousand data sets. */
const manyLimits = { datasets: 1000, seconds: 3, megabytes: 250, resources: 3100 };

const rounds = 3;

/** Compares the synthesis with other ways to run the same source, and with an increasing number of data sets. */
export async function benchSynth(): Promise<string> {
  const place = mkdtempSync(join(tmpdir(), "bench-synth-"));
  // Inside the project, so that package imports are resolved.
  mkdirSync("dist", { recursive: true });
  const generated = mkdtempSync(resolve("dist", "bench-"));
  try {
    return [await ways(place, generated), await sizes(generated)].join("\n\n");
  } finally {
    rmSync(generated, { recursive: true });
    rmSync(place, { recursive: true });
  }
}

/** The same app, started in different ways. */
async function ways(place: string, generated: string): Promise<string> {
  const app = join(generated, "main.cjs");
  bundled("main.ts", app);
  const roots = packageRoots(join(generated, "package-roots.ts"));
  const env = { PLATFORM_ENV: "prod", CDKTF_OUTDIR: place };
  const typed = {
    ...env,
    TS_NODE_COMPILER_OPTIONS: JSON.stringify({ module: "node16", moduleResolution: "node16" }),
  };
  const quiet = { ...env, CHECKPOINT_DISABLE: "1", DISABLE_VERSION_CHECK: "1", CI: "1", FORCE_COLOR: "0" };
  const cdktf = [resolve("node_modules", ".bin", "cdktf"), "synth", "--output", place];

  const own: Way[] = [
    { name: "bundle, one process", args: [app], env },
    { name: "scripts/run.mjs: bundle, then run", args: ["scripts/run.mjs", "main.ts"], env },
    { name: "cdktf synth", args: cdktf, env: quiet },
  ];
  const compared: { name: string; peer: Peer; bin: string; entry: string }[] = [
    { name: "tsx", peer: "tsx", bin: "dist/cli.mjs", entry: "main.ts" },
    { name: "tsx, providers from the package root", peer: "tsx", bin: "dist/cli.mjs", entry: roots },
    { name: "ts-node with type check", peer: "ts-node", bin: "dist/bin.js", entry: "main.ts" },
    {
      name: "ts-node with type check, package root",
      peer: "ts-node",
      bin: "dist/bin.js",
      entry: roots,
    },
  ];
  const found: Way[] = [];
  const skipped: string[] = [];
  for (const { name, peer: wanted, bin, entry } of compared) {
    const got = await peer(wanted);
    if ("folder" in got) found.push({ name, args: [join(got.folder, bin), entry], env: typed });
    else skipped.push(`skipped: ${name}: ${got.reason}`);
  }

  const all = [...own, ...found];
  const figures = await measured(all, rounds);
  const table = columns([
    ["one platform, prod", "seconds", "ratio", "MB", "ratio"],
    ...all.map(({ name }, index) => row(name, figures[index], figures[0])),
  ]);
  return [table, ...skipped, verdict(figures[0])].join("\n");
}

function row(name: string, figures: Figures | undefined, first: Figures | undefined): string[] {
  if (figures === undefined || first === undefined) return [name];
  const ratio = (kind: keyof Figures) => `${(figures[kind].median / first[kind].median).toFixed(1)} x`;
  return [
    name,
    spreadText(figures.seconds, 2),
    ratio("seconds"),
    spreadText(figures.megabytes, 0),
    ratio("megabytes"),
  ];
}

function verdict(figures: Figures | undefined): string {
  if (figures === undefined) return "";
  const met =
    figures.seconds.median <= limits.seconds && figures.megabytes.median <= limits.megabytes
      ? "met"
      : "exceeded";
  return `limits for one process, ${limits.seconds} s and ${limits.megabytes} MB: ${met}`;
}

/** The platform with generated data sets, as one process. */
async function sizes(generated: string): Promise<string> {
  const app = join(generated, "synth-many.cjs");
  bundled("checks/bench/synth-many.ts", app);
  const counts = [10, 100, manyLimits.datasets];
  const resources = await Promise.all(counts.map((count) => resourcesOf(app, count)));
  const figures = await measured(
    counts.map((count) => ({ name: `${count} data sets`, args: [app, String(count)] })),
    rounds,
  );
  const [smallest] = figures;
  const table = columns([
    ["data sets", "resources", "seconds", "ms per additional data set", "MB"],
    ...figures.map(({ seconds, megabytes }, index) => {
      const more = (counts[index] ?? 0) - (counts[0] ?? 0);
      const each = ((seconds.median - (smallest?.seconds.median ?? 0)) * 1000) / more;
      return [
        String(counts[index]),
        String(resources[index]),
        spreadText(seconds, 2),
        more === 0 ? "-" : each.toFixed(1),
        spreadText(megabytes, 0),
      ];
    }),
  ]);
  return `${table}\n${manyVerdict(figures.at(-1), resources.at(-1) ?? 0)}`;
}

/** The number of resources that the program prints. */
async function resourcesOf(app: string, datasets: number): Promise<number> {
  const { stdout, stderr, exitCode } = await runProgram(process.execPath, [app, String(datasets)]);
  if (exitCode !== 0) throw new Error(`the synthesis of ${datasets} data sets failed:\n${stderr}`);
  return Number(stdout);
}

function manyVerdict(figures: Figures | undefined, resources: number): string {
  const { datasets, seconds, megabytes, resources: most } = manyLimits;
  const met =
    figures !== undefined &&
    figures.seconds.median <= seconds &&
    figures.megabytes.median <= megabytes &&
    resources <= most;
  return `limits for ${datasets} data sets, ${seconds} s, ${megabytes} MB and ${most} resources: ${met ? "met" : "exceeded"}`;
}

/** An entry file that also imports the roots of the provider packages, as constructs often do. */
function packageRoots(file: string): string {
  const main = relative(dirname(file), resolve("main")).replaceAll("\\", "/");
  const lines = [
    'import * as aws from "@cdktf/provider-aws";',
    'import * as google from "@cdktf/provider-google";',
    `import "${main}";`,
    "export const providers = [aws, google].map((provider) => Object.keys(provider).length);",
  ];
  writeFileSync(file, lines.join("\n"));
  return file;
}
