import { join } from "node:path";
import type { PythonPackages } from "../../programs/python";
import { projectFolder } from "../../transform/driver/project";

/** dbt as in the transform image, for tests of the SQL of BigQuery. */
export const dbtBigQuery: PythonPackages = {
  title: "dbt-bigquery 1.11.3",
  lock: join(projectFolder, "requirements", "cloud.txt"),
  // That of the image.
  minors: [13],
  command: "npm run emulators",
};
