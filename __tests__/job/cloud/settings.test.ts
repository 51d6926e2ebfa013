import { cloudSettings } from "../../../job/cloud/settings";

const places = {
  LAKE_BUCKET: "lake",
  WAREHOUSE_PROJECT: "project",
  WAREHOUSE_DATASET: "dev_raw",
  WAREHOUSE_LOCATION: "europe-west6",
};
const database = { DATABASE_INSTANCE: "p:r:i", DATABASE_NAME: "warehouse", DATABASE_USER: "ingest@p.iam" };

test("without any of the variables a run works on folders", () => {
  expect(cloudSettings({})).toBeUndefined();
  expect(cloudSettings({ LAKE_BUCKET: "" })).toBeUndefined();
});

test("lake and warehouse, with or without a database", () => {
  const warehouse = { project: "project", dataset: "dev_raw", location: "europe-west6" };
  expect(cloudSettings(places)).toEqual({ bucket: "lake", warehouse });
  expect(cloudSettings({ ...places, ...database })).toEqual({
    bucket: "lake",
    warehouse,
    database: { instance: "p:r:i", name: "warehouse", user: "ingest@p.iam" },
  });
});

test("half of them is refused, and what is missing is named", () => {
  expect(() => cloudSettings({ ...places, WAREHOUSE_DATASET: undefined })).toThrow(
    "the environment has LAKE_BUCKET, WAREHOUSE_PROJECT, WAREHOUSE_LOCATION but not WAREHOUSE_DATASET: set all, or none to work on folders",
  );
  expect(() => cloudSettings({ ...places, DATABASE_NAME: "warehouse" })).toThrow(
    "the environment has DATABASE_NAME but not DATABASE_INSTANCE, DATABASE_USER",
  );
  expect(() => cloudSettings(database)).toThrow(
    "the environment has DATABASE_INSTANCE but no LAKE_BUCKET: set LAKE_BUCKET, WAREHOUSE_PROJECT, WAREHOUSE_DATASET, WAREHOUSE_LOCATION too",
  );
});
