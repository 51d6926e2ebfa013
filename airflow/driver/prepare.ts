import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SingleBar } from "cli-progress";
import { loadCatalog } from "../../catalog";
import { dagCatalogToJson, type DagRules } from "../../dataset";
import { Failure } from "../../job/failure";
import type { Home } from "../../job/home";
import { progressBar } from "../../job/report/bar";
import { cache } from "../../programs/cache";
import { runProgram } from "../../programs/program";
import { installPython } from "../../programs/python";
import { airflowFolder, airflowPackages, airflowVariables, catalogFile } from "./environment";
import { laptopCatalog } from "./laptop-catalog";

/** How Airflow is prepared. */
export interface Preparation {
  readonly home: Home;
  readonly catchUp?: boolean;
  /** @default - those of the cloud */
  readonly rules?: DagRules;
}

/**
 * Installs Airflow into the cache, writes the catalog that the DAG file reads, and creates Airflow's database.
 *
 * @returns the interpreter of Airflow
 * @throws Failure permanent when Python is missing, or the database cannot be created
 */
export async function prepareAirflow({ home, catchUp = false, rules }: Preparation): Promise<string> {
  const python = await installed();
  mkdirSync(airflowFolder(home), { recursive: true });
  const json = dagCatalogToJson(laptopCatalog(loadCatalog().values(), home, catchUp), rules);
  writeFileSync(catalogFile(home), json);
  const mark = join(airflowFolder(home), `${airflowPackages.title.replace(" ", "-")}.migrated`);
  if (existsSync(mark)) return python;
  process.stderr.write(`Creating Airflow's database in ${airflowFolder(home)}.\n`);
  const migrated = await runProgram(python, ["-m", "airflow", "db", "migrate"], {
    env: airflowVariables(home, python),
  });
  if (migrated.exitCode !== 0)
    throw new Failure(
      "permanent",
      `Airflow's database in ${airflowFolder(home)} cannot be created: ${migrated.stderr}`,
    );
  writeFileSync(mark, "");
  return python;
}

async function installed(): Promise<string> {
  const stream = process.stderr;
  let bar: SingleBar | undefined;
  const found = await installPython(cache, airflowPackages, (done, total) => {
    if (done === 1) {
      stream.write(`Installing ${airflowPackages.title} into ${cache}. This is done once.\n`);
      if (stream.isTTY) bar = progressBar(stream, "{bar} {value} of {total} packages", { total });
    }
    bar?.update(done);
  });
  bar?.stop();
  if (found.kind === "there") return found.place.python;
  throw new Failure("permanent", `${found.title} cannot be installed: ${found.reason}`);
}
