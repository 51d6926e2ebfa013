import fc from "fast-check";
import { loadCatalog } from "../fixtures/catalog";
import {
  jobEnvironmentFrom,
  jobEnvironmentVariables,
  jobVariables,
  type JobEnvironment,
  taskPlaceFrom,
} from "../../dataset";

const places = {
  LAKE_BUCKET: "lake",
  WAREHOUSE_PROJECT: "project",
  WAREHOUSE_DATASET: "dev_raw",
  WAREHOUSE_LOCATION: "europe-west6",
};
const database = { DATABASE_INSTANCE: "p:r:i", DATABASE_NAME: "warehouse", DATABASE_USER: "ingest@p.iam" };

const text = fc.string({ minLength: 1 });
/** Any environment that the stacks can write. */
const environments: fc.Arbitrary<JobEnvironment> = fc.record(
  {
    specifications: text,
    spec: fc.constantFrom(...loadCatalog().values()),
    taskMemoryGib: fc.integer({ min: 1, max: 32 }),
    source: text,
    cloud: fc.record(
      {
        bucket: text,
        warehouse: fc.record(
          { project: text, dataset: text, temporary: text, location: text },
          { requiredKeys: ["project", "dataset", "location"] },
        ),
        database: fc.record({ instance: text, name: text, user: text }),
      },
      { requiredKeys: ["bucket", "warehouse"] },
    ),
    endpoints: fc.record({ storage: text, bigquery: text, sqlAdmin: text }),
  },
  { requiredKeys: [] },
);

test("jobEnvironmentFrom reads everything that jobEnvironmentVariables writes", () => {
  fc.assert(
    fc.property(environments, (environment) => {
      expect(jobEnvironmentFrom(jobEnvironmentVariables(environment))).toEqual(environment);
    }),
  );
});

test("jobVariables documents every variable that is written", () => {
  const explained = Object.values(jobVariables).flatMap((group) => Object.keys(group));
  fc.assert(
    fc.property(environments, (environment) => {
      expect(explained).toEqual(expect.arrayContaining(Object.keys(jobEnvironmentVariables(environment))));
    }),
  );
});

test("jobEnvironmentFrom without variables selects local folders", () => {
  expect(jobEnvironmentFrom({})).toEqual({});
  expect(
    jobEnvironmentFrom({ LAKE_BUCKET: "", SPECIFICATIONS: "", DATASET_SPEC: "", SOURCE_URL: "" }),
  ).toEqual({});
});

test("jobEnvironmentFrom requires lake and warehouse; the database is optional", () => {
  const warehouse = { project: "project", dataset: "dev_raw", location: "europe-west6" };
  expect(jobEnvironmentFrom(places)).toEqual({ cloud: { bucket: "lake", warehouse } });
  expect(jobEnvironmentFrom({ ...places, ...database }).cloud?.database).toEqual({
    instance: "p:r:i",
    name: "warehouse",
    user: "ingest@p.iam",
  });
});

test("jobEnvironmentFrom rejects an incomplete group and names the missing variables", () => {
  expect(() => jobEnvironmentFrom({ ...places, WAREHOUSE_DATASET: undefined })).toThrow(
    "WAREHOUSE_DATASET: is not set, but LAKE_BUCKET, WAREHOUSE_PROJECT, WAREHOUSE_LOCATION are; set all",
  );
  expect(() => jobEnvironmentFrom({ ...places, DATABASE_NAME: "warehouse" })).toThrow(
    /2 faults\n {2}- DATABASE_INSTANCE: is not set, but DATABASE_NAME is;.*\n {2}- DATABASE_USER: is not set/,
  );
  expect(() => jobEnvironmentFrom(database)).toThrow(
    "DATABASE_INSTANCE: is set, but LAKE_BUCKET is not; also set LAKE_BUCKET, WAREHOUSE_PROJECT, WAREHOUSE_DATASET, WAREHOUSE_LOCATION",
  );
});

test("taskPlaceFrom reads which of several tasks of an execution the process is", () => {
  const variables = {
    CLOUD_RUN_TASK_INDEX: "3",
    CLOUD_RUN_TASK_COUNT: "12",
    CLOUD_RUN_EXECUTION: "dev-backfill-x",
  };
  expect(taskPlaceFrom(variables)).toEqual({ index: 3, count: 12, execution: "dev-backfill-x" });
  expect(taskPlaceFrom({})).toBeUndefined();
  expect(
    taskPlaceFrom({ ...variables, CLOUD_RUN_TASK_INDEX: "0", CLOUD_RUN_TASK_COUNT: "1" }),
  ).toBeUndefined();
});

test.each([
  ["12", "12"],
  ["-1", "12"],
  ["x", "12"],
  ["0", "1.5"],
])("taskPlaceFrom rejects the task %s of %s", (index, count) => {
  expect(() => taskPlaceFrom({ CLOUD_RUN_TASK_INDEX: index, CLOUD_RUN_TASK_COUNT: count })).toThrow(
    `CLOUD_RUN_TASK_INDEX: "${index}" of CLOUD_RUN_TASK_COUNT "${count}" is not a task of an execution`,
  );
});
