/** `npm run report`: writes the dashboard from the models in core, of this machine or of BigQuery. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import * as z from "zod/mini";
import { apiEndpoints } from "../../dataset";
import { messageOf } from "../../errors/thrown";
import { CloudClients } from "../../job/cloud/clients";
import { queryRows } from "../../job/engine/rows";
import { asFailure, Failure } from "../../job/failure";
import { writeWhole } from "../../job/files";
import { Home } from "../../job/home";
import { withWarehouse } from "../../job/warehouse/open-warehouse";
import { buildPage } from "../report/build";
import type { DashboardData } from "./data";
import { readLineage } from "./lineage";
import { askMarts } from "./questions";
import { renderDashboard } from "./render";

interface Options {
  readonly home: string;
  readonly warehouse?: string;
  readonly core?: string;
}

/**
 * Writes the page, and returns its path.
 *
 * @throws Failure when core does not exist
 */
export async function writeDashboard({ home: folder, warehouse, core }: Options): Promise<string> {
  const home = new Home(folder);
  const answers =
    warehouse === undefined ? await fromDuckdb(home) : await fromBigQuery(warehouse, core ?? "dev_core");
  const lineage = warehouse === undefined ? await readLineage(join(home.transform, "target")) : undefined;
  const data: DashboardData = {
    ...answers,
    writtenAt: new Date().toISOString(),
    ...(lineage && { lineage }),
  };
  const page = renderDashboard(data, buildPage("tour/dashboard/page"));
  const file = join(home.folder, "report", "dashboard.html");
  await writeWhole(file, (draft) => writeFile(draft, page), `${file}.${process.pid}`);
  return file;
}

async function fromDuckdb(home: Home) {
  const marts = await withWarehouse(home.warehouse, (connection) =>
    askMarts((sql) => queryRows(connection, sql.replaceAll("FLOAT64", "DOUBLE")), "core"),
  ).catch((error: unknown) => {
    throw new Failure(
      "permanent",
      `${messageOf(error).split("\n")[0] ?? ""} (to build the models: npm run transform -- build)`,
    );
  });
  return { ...marts, from: home.warehouse };
}

async function fromBigQuery(warehouse: string, core: string) {
  const project = /^bigquery:([a-z0-9-]+)$/.exec(warehouse)?.[1];
  if (project === undefined)
    throw new Failure(
      "permanent",
      `--warehouse: "${warehouse}" is not valid: use the format bigquery:<project>`,
    );
  const client = await new CloudClients(apiEndpoints(process.env)).bigquery(project);
  const marts = await askMarts(async (sql) => {
    const answer: readonly unknown[] = await client.query(sql);
    return z.array(z.unknown()).parse(answer[0]);
  }, `\`${project}\`.${core}`);
  return { ...marts, from: `BigQuery, project ${project}` };
}

/** The command. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("report")
    .description("Writes a dashboard of the models in core.")
    .option("--home <folder>", "folder of the warehouse, and of the report", ".tributary")
    .option("--warehouse <place>", "bigquery:<project> (default: the warehouse in the home)")
    .option("--core <dataset>", "BigQuery dataset with the marts (default: dev_core)");
  program.action(async (options: Options) => {
    process.stdout.write(`Wrote ${await writeDashboard(options)}.\n`);
  });
  await program.parseAsync([...argv], { from: "user" }).catch((error: unknown) => {
    const failure = asFailure(error);
    process.stderr.write(`${failure.message}\n`);
    process.exitCode = failure.exitCode;
  });
}
