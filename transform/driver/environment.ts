import { join } from "node:path";
import { type PythonPackages } from "../../programs/python";
import { projectFolder } from "./project";

/** dbt with its adapter for DuckDB. The version of duckdb is the one of the ingest program: they share a file. */
export const dbtPackages: PythonPackages = {
  title: "dbt 1.11.16",
  lock: join(projectFolder, "requirements", "laptop.txt"),
  minors: [13, 12, 11],
  command: "npm run transform -- build",
};
