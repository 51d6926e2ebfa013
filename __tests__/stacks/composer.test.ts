import * as z from "zod/mini";
import { loadCatalog } from "../fixtures/catalog";
import { loadEnvironment } from "../fixtures/config";
import { adopted as adoptedFrom } from "../../checks/terraform/adopted";
import type { Environment } from "../../config";
import { environmentNamed } from "../../config/settings/validate";
import { deploymentToJson } from "../../dataset";
import { resourcesOf } from "../../guardrails/synthesis";
import { synthesized } from "../../scripts/synthesized";
import { withComposer } from "../../scripts/with-composer";
import { stackNames } from "../../stacks";
import { deploymentOf } from "../../stacks/deployment";
import { Names } from "../../stacks/naming";
import { synthError } from "../support/platform";

const catalog = loadCatalog();
const prod = withComposer(loadEnvironment("prod"));
const adopted = adoptedFrom(prod);
const stacks = synthesized({ environment: prod, catalog });
const ofType = (type: string, all = stacks) =>
  [...all].flatMap(([name, { resource }]) => resourcesOf(name, resource).filter((one) => one.type === type));
const objects = Object.fromEntries(
  ofType("google_storage_bucket_object").map(({ values }) => [String(values.name), String(values.content)]),
);

test("the guardrails hold, with a key and a shared network, too", () => {
  expect(synthError({ environment: prod })).toBeUndefined();
  expect(synthError({ environment: adopted })).toBeUndefined();
  expect(stackNames(prod)).toContain("prod-composer");
});

test("the environment is private, runs as its own account, after it got its role, and uses the bucket of the lake stack", () => {
  const [airflow] = ofType("google_composer_environment");
  expect(airflow?.values).toMatchObject({
    name: "prod-airflow",
    storage_config: { bucket: "replace-me-prod-prod-composer" },
    config: {
      enable_private_environment: true,
      enable_private_builds_only: true,
      node_config: {
        service_account: "prod-composer@replace-me-prod.iam.gserviceaccount.com",
        subnetwork: "projects/replace-me-prod/regions/europe-west6/subnetworks/prod-platform-subnet",
      },
      software_config: { image_version: "composer-3-airflow-3.1.7" },
    },
    depends_on: ["google_project_iam_member.composer_composer-worker_7B67AC30"],
  });
  expect(ofType("google_storage_bucket").map(({ values }) => values.name)).toContain(
    "replace-me-prod-prod-composer",
  );
  expect(ofType("google_service_account").map(({ values }) => values.account_id)).toContain("prod-composer");
});

test("the environment is encrypted with the key of the platform", () => {
  const [airflow] = ofType(
    "google_composer_environment",
    synthesized({ environment: environmentNamed("corp", [adopted]), catalog }),
  );
  expect(airflow?.values).toMatchObject({
    config: { encryption_config: { kms_key_name: adopted.kmsKey } },
  });
});

test("no schedule starts the pipeline of a data set twice: Airflow has the schedules of the data sets", () => {
  const schedules = ofType("google_cloud_scheduler_job").map(({ values }) => String(values.name));
  expect(schedules.sort()).toEqual(["prod-export", "prod-fresh", "prod-rebuild"]);
});

test("the bucket has the DAG file, what it imports, and the catalog", () => {
  const dags = Object.keys(objects).filter((name) => name.startsWith("dags/"));
  expect(dags.sort()).toEqual(
    [
      ...["dags/.airflowignore", "dags/catalog.json", "dags/datasets.py"],
      ...["__init__", "cloud", "errors", "ingest", "laptop", "periods", "requests"].map(
        (name) => `dags/tributary/${name}.py`,
      ),
    ].sort(),
  );
});

const catalogShape = z.looseObject({
  place: z.looseObject({ kind: z.string() }),
  catchUp: z.boolean(),
  datasets: z.array(z.looseObject({ id: z.string(), pipeline: z.looseObject({}) })),
});

test("a DAG has the same facts of its data set as the workflow reads", () => {
  const { datasets, place } = catalogShape.parse(JSON.parse(objects["dags/catalog.json"] ?? ""));
  expect(place).toEqual({
    kind: "cloud",
    project: "replace-me-prod",
    location: "europe-west6",
    parallelPeriods: 6,
    transform: { job: "prod-transform", artifacts: "replace-me-prod-prod-lake" },
  });
  expect(datasets.map(({ id }) => id)).toEqual([...catalog.keys()]);
  for (const { id, pipeline } of datasets) {
    const spec = catalog.get(id);
    if (spec === undefined) throw new Error(`${id} is not in the catalog`);
    const first = deploymentToJson(deploymentOf(spec, prod, new Names(prod))).split("\n")[0] ?? "";
    expect(pipeline).toEqual(
      (JSON.parse(`${first.slice(0, -1)}}`) as { readonly pipeline: unknown }).pipeline,
    );
  }
});

test("an alert reports a failed run of a DAG, too", () => {
  const alerts = JSON.stringify(ofType("google_monitoring_alert_policy").map(({ values }) => values));
  expect(alerts).toContain("composer.googleapis.com/workflow/run_count");
});

test.each<[string, Partial<Environment>, string]>([
  ["settings without Composer", { orchestrator: "workflows", composer: { catchUp: true } }, "composer: "],
  ["a version that is none", { composer: { airflowVersion: "2.10" } }, "composer.airflowVersion: "],
])("%s: refused", (_, changes, message) => {
  expect(() => environmentNamed("prod", [{ ...prod, ...changes }])).toThrow(message);
});
