/** Environment variables of the platform's own programs. None of them is secret, so their differences are shown. */
export const plainVariables: readonly string[] = [
  "DATASET_SPEC",
  "DATABASE_INSTANCE",
  "DATABASE_NAME",
  "DATABASE_USER",
  "LAKE_BUCKET",
  "SOURCE_URL",
  "SPECIFICATIONS",
  "TASK_MEMORY_GIB",
  "WAREHOUSE_DATASET",
  "WAREHOUSE_LOCATION",
  "WAREHOUSE_PROJECT",
];
