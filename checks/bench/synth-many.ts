/**
 * Synthesizes the platform of PLATFORM_ENV with generated data sets, and prints the number of its resources. The argument
 * is the number of data sets.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformResource } from "cdktf";
import { type DatasetSpec, defineDataset } from "../../dataset";
import { loadEnvironment } from "../../config";
import { addPlatform } from "../../stacks";
import { runMain } from "../../scripts/run-main";

const outdir = mkdtempSync(join(tmpdir(), "synth-many-"));
runMain(() => {
  const app = new App({ outdir });
  const specs = Array.from({ length: Number(process.argv[2]) }, (_, index) => generated(index));
  addPlatform(app, {
    environment: { ...loadEnvironment(process.env.PLATFORM_ENV), transfer: undefined },
    catalog: new Map(specs.map((spec) => [spec.id, spec])),
  });
  app.synth();
  const resources = app.node.findAll().filter((one) => TerraformResource.isTerraformResource(one));
  process.stdout.write(`${resources.length}\n`);
});
rmSync(outdir, { recursive: true });

/** A data set with 20 columns, like the taxi trips. */
function generated(index: number): DatasetSpec {
  return defineDataset({
    id: `generated_${index}`,
    description: "Generated for a benchmark.",
    source: { url: `https://example.com/${index}/{period}.csv`, format: "csv" },
    grain: "month",
    firstPeriod: "2020-01",
    schedule: { cron: "0 6 2 * *" },
    columns: Array.from({ length: 20 }, (_, column) => ({
      name: `column_${column}`,
      type: column === 0 ? ("DATETIME" as const) : ("FLOAT" as const),
      description: `Column ${column}.`,
    })),
  });
}
