import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import type { Environment } from "../../config/settings/environment";
import { synthError } from "../support/platform";
import { workflowFaults } from "../support/workflows/faults";
import { pipelineDefinition } from "../../workflows/pipeline";
import { loadCatalog } from "../fixtures/catalog";
import { loadEnvironment } from "../fixtures/config";
import { synthesized } from "../../scripts/synthesized";
import { Names } from "../../stacks/naming";
import { revenueBatch } from "../../stacks/spark";

const prod = loadEnvironment("prod");
const catalog = loadCatalog();
const program = readFileSync(join(__dirname, "../../spark/revenue.py"), "utf8");

const textOf = (environment: Environment, stack: string) =>
  JSON.stringify(synthesized({ environment, catalog }).get(`${environment.name}-${stack}`));

test("the program is an object named after its content, which the pipeline starts", () => {
  const digest = createHash("sha256").update(program).digest("hex").slice(0, 8);
  const object = `programs/revenue-${digest}.py`;
  const { resource } = z
    .object({
      resource: z.object({
        google_storage_bucket_object: z.record(
          z.string(),
          z.looseObject({ name: z.string(), content: z.string() }),
        ),
      }),
    })
    .parse(JSON.parse(textOf(prod, "ingestion")));
  const found = Object.values(resource.google_storage_bucket_object).find(({ name }) => name === object);
  // Terraform reads ${ and %{ as templates.
  expect(found?.content.replaceAll("$${", "${").replaceAll("%%{", "%{")).toBe(program);
  expect(textOf(prod, "orchestration")).toContain(`gs://replace-me-prod-prod-spark/${object}`);
});

test("machines in the subnet reach each other only if the environment has Spark", () => {
  const rule = /"prod-platform-internal"/;
  expect(textOf(prod, "network")).toMatch(rule);
  expect(textOf({ ...prod, spark: undefined }, "network")).not.toMatch(rule);
});

test("without the setting, nothing of Spark is created", () => {
  const without = JSON.stringify([
    ...synthesized({ environment: { ...prod, spark: undefined }, catalog }).values(),
  ]);
  expect(
    without.match(/dataproc|prod-spark@|"name":"[^"]*-spark"|objects\/marts|revenue-[0-9a-f]+/g),
  ).toBeNull();
});

test("the key of the environment encrypts what a batch stages", () => {
  const kmsKey = "projects/p/locations/europe-west6/keyRings/r/cryptoKeys/k";
  const batch = revenueBatch({ ...prod, kmsKey }, new Names(prod), {});
  expect(batch?.kmsKey).toBe(kmsKey);
});

test("the ids of batches fit, however long the name of the environment is", () => {
  const environment = {
    ...prod,
    name: "staging1",
    namePattern: "a-long-company-name-{environment}-{purpose}",
  };
  const batch = revenueBatch(environment, new Names(environment), {});
  expect(`${batch?.prefix ?? ""}-99999-999999999999999-10`).toMatch(/^[a-z0-9-]{4,63}$/);
  if (batch === undefined) throw new Error("there is no batch");
  const pipeline = { project: "p", location: "l", specifications: "s", parallelPeriods: 3, revenue: batch };
  expect(workflowFaults(pipelineDefinition(pipeline))).toEqual([]);
});

test("a subnet without an address for each executor is refused, with what would do", () => {
  const spark = { maxExecutors: 252, timeoutSeconds: 3600, outputDays: 30 };
  expect(synthError({ environment: { ...prod, spark } })?.message).toBe(
    "config/prod.ts: 1 fault\n  - spark.maxExecutors: 252 executors and a driver need 253 addresses, but " +
      'network.subnetRange "10.30.0.0/24" has 252; use at most 251, or a larger range',
  );
  expect(synthError({ environment: { ...prod, spark: { ...spark, maxExecutors: 251 } } })).toBeUndefined();
});
