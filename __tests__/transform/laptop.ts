import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import * as z from "zod/mini";
import { duckdb, onCleanUp } from "../job/integration/support";
import { fixtureProject } from "../support/fixtures";

const node = z.object({ kind: z.string(), name: z.string(), status: z.string(), message: z.string() });
const summaryShape = z.object({
  command: z.string(),
  periods: z.nullable(z.array(z.string())),
  changed: z.boolean(),
  models: z.array(node),
  tests: z.object({ passed: z.number(), warned: z.number(), failed: z.number() }),
  failures: z.array(node),
  error: z.optional(z.object({ kind: z.string(), exitCode: z.number(), message: z.string() })),
});

/** Result of `npm run transform`. */
export interface Transformed {
  readonly code: number | null;
  readonly stderr: string;
  /** Throws when the last line of standard output is not a summary. */
  readonly summary: z.infer<typeof summaryShape>;
}

/** Starts `npm run transform -- <args> --home <home> --json`, in a process group of its own. */
export function startTransform(
  home: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly process: ChildProcess; readonly ended: Promise<Transformed> } {
  const command = ["scripts/run.mjs", "transform/driver/main.ts", ...args, "--home", home, "--json"];
  const child = spawn(process.execPath, command, {
    cwd: fixtureProject,
    detached: true,
    env: { ...process.env, ...env },
  });
  onCleanUp(() => {
    killGroup(child);
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Transformed>((resolve, reject) => {
    child.once("error", reject).once("close", (code) => {
      resolve({
        code,
        stderr,
        get summary() {
          return summaryShape.parse(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? ""));
        },
      });
    });
  });
  return { process: child, ended };
}

export function transform(home: string, ...args: readonly string[]): Promise<Transformed> {
  return startTransform(home, args).ended;
}

/** Kills the command and dbt. */
export function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

const marts = [
  ...["dim_zones", "fact_trips", "fact_fhv_trips", "trips_left_out"],
  ...["dm_monthly_zone_revenue", "trips_per_day"],
];

/** Names of the tables in core whose rows differ between two homes. */
export async function differingTables(home: string, other: string): Promise<readonly string[]> {
  const [a, b] = [home, other].map((folder) => join(folder, "warehouse.duckdb"));
  const differing: string[] = [];
  for (const table of marts) {
    const side = (from: string, without: string) =>
      `SELECT count(*) AS n FROM (FROM ${from}.core.${table} EXCEPT ALL FROM ${without}.core.${table})`;
    for (const sql of [side("a", "b"), side("b", "a")]) {
      const rows = await duckdb(sql, undefined, [
        `ATTACH '${a ?? ""}' AS a (READ_ONLY)`,
        `ATTACH '${b ?? ""}' AS b (READ_ONLY)`,
      ]);
      if (Number(rows[0]?.["n"]) > 0 && !differing.includes(table)) differing.push(table);
    }
  }
  return differing;
}

/** Rows and a checksum of each period of a table in core. */
export async function periodsIn(home: string, table: string): Promise<Readonly<Record<string, string>>> {
  const rows = await duckdb(
    `SELECT _period::VARCHAR AS period, count(*) || ' ' || sum(hash(t)::HUGEINT) AS content FROM core.${table} AS t GROUP BY ALL`,
    join(home, "warehouse.duckdb"),
  );
  return Object.fromEntries(rows.map((row) => [String(row["period"]), String(row["content"])]));
}
