import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { loadCatalog } from "../../catalog";
import { type DagRules, type DatasetSpec, Period } from "../../dataset";
import { messageOf } from "../../errors/thrown";
import { Failure } from "../../job/failure";
import { Home } from "../../job/home";
import { airflowVariables } from "./environment";
import { prepareAirflow } from "./prepare";
import { readable } from "./readable";

export interface DagTestOptions {
  readonly home: string;
  readonly period?: string;
  readonly from?: string;
  readonly to?: string;
  readonly force?: boolean;
  readonly source?: string;
  readonly verbose?: boolean;
}

/** How the run of a DAG differs from that of the command. */
export interface DagTestChanges {
  /** How the DAG waits. @default - as in the cloud */
  readonly rules?: DagRules;
  /** Where the lines of the log go. @default - standard output */
  readonly print?: (line: string) => void;
}

/**
 * `npm run airflow -- test <dataset>`: runs the DAG of a data set once, in one process, as `airflow dags test` does.
 *
 * @returns the exit code: 0, or 1 if the run failed
 * @throws Failure permanent before anything is run, when the data set or a period is not valid, or Python is missing
 */
export async function dagTest(
  dataset: string,
  options: DagTestOptions,
  { rules, print = (line) => process.stdout.write(`${line}\n`) }: DagTestChanges = {},
): Promise<number> {
  const spec = specOf(dataset);
  const parameters = parametersOf(spec, options);
  const home = new Home(options.home);
  const python = await prepareAirflow({ home, ...(rules && { rules }) });
  const command = ["-m", "airflow", "dags", "test", spec.id, "--conf", JSON.stringify(parameters)];
  const child = spawn(python, command, {
    env: airflowVariables(home, python),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const show = options.verbose === true ? (line: string) => line : readable();
  // Airflow writes its log to both.
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on("line", (line) => {
      const text = show(line);
      if (text !== undefined) print(text);
    });
  const [code] = (await once(child, "close")) as [number | null];
  print(`${spec.id}: the run ${code === 0 ? "succeeded" : "failed"}`);
  return code === 0 ? 0 : 1;
}

function specOf(dataset: string): DatasetSpec {
  const catalog = loadCatalog();
  const spec = catalog.get(dataset);
  if (spec === undefined)
    throw new Failure(
      "permanent",
      `data set "${dataset}" does not exist; available: ${[...catalog.keys()].join(", ")}`,
    );
  if (spec.retired === true)
    throw new Failure("permanent", `${dataset}: the data set is retired, so it has no DAG`);
  return spec;
}

/** The parameters of the run. */
function parametersOf({ grain }: DatasetSpec, { period, from, to, force, source }: DagTestOptions) {
  if (period !== undefined && (from !== undefined || to !== undefined))
    throw new Failure("permanent", "--period cannot be combined with --from and --to");
  const range = { from: period ?? from, to: period ?? to };
  for (const [name, label] of Object.entries({ period, from, to })) {
    try {
      if (label !== undefined) Period.parse(grain, label);
    } catch (error) {
      throw new Failure("permanent", `--${name}: ${messageOf(error)}`);
    }
  }
  return {
    ...(grain === "once" ? {} : definedIn(range)),
    ...(force === true && { force }),
    ...(source !== undefined && { source }),
  };
}

function definedIn(values: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
