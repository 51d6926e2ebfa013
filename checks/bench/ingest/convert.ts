/**
 * `convert.cjs <data set> <source> <folder>`: runs only the job's first two steps, from csv.gz to a Parquet file and its
 * rejects. Prints processor time and memory of its process.
 */
import { join } from "node:path";
import { rename } from "node:fs/promises";
import { taxis } from "../../../tour/catalog";
import { formatOf, Period } from "../../../dataset";
import { CloudClients } from "../../../job/cloud/clients";
import { openEngine } from "../../../job/engine/engine";
import { locate } from "../../../job/source/location";
import type { PeriodContext } from "../../../job/steps/context";
import { extract } from "../../../job/steps/extract";
import { parquetize } from "../../../job/steps/parquetize";
import { ownUsage } from "./usage";

async function main([id = "", source = "", folder = ""]: readonly string[]): Promise<void> {
  const spec = taxis.get(id);
  if (spec === undefined) throw new Error(`data set "${id}" does not exist`);
  const engine = await openEngine(join(folder, "warehouse.duckdb"), () => undefined);
  const silent = () => undefined;
  const location = locate(source);
  const context: PeriodContext = {
    run: "bench",
    spec: { ...spec, badRows: { action: "reject", limit: 1_000_000 } },
    period: Period.parse("month", "2019-01"),
    location,
    format: formatOf(source, spec.source),
    engine,
    cloud: new CloudClients(),
    scratch: join(folder, "scratch"),
    reporter: {
      started: silent,
      progress: silent,
      finished: silent,
      warning: silent,
      info: silent,
      failed: silent,
      close: silent,
    },
  };
  const extracted = await extract(context, undefined);
  if (extracted.result === "unchanged") throw new Error("the source was not extracted");
  const { result } = await parquetize(context, extracted.result);
  await rename(result.parquet.file, join(folder, "out.parquet"));
  engine.close();
  const { rows } = result.parquet;
  process.stdout.write(JSON.stringify({ rows, rejected: result.rejects?.rows ?? 0, ...ownUsage() }));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
