import type { WorkflowValue } from "../../constructs/workflow-source";
import { databaseExportDefinition } from "../../workflows/database-export";
import { httpError } from "../support/workflows/errors";
import { workflowFaults } from "../support/workflows/faults";
import { run, type World } from "../support/workflows/run";
import { raisedBy } from "./support";

const api = "https://sqladmin.googleapis.com/v1/projects/my-project/";
const program = databaseExportDefinition({
  project: "my-project",
  instance: "prod-postgres-1",
  database: "warehouse",
  bucket: "my-exports",
});

/** Cloud SQL, whose operation is done after two looks. */
function cloudSql(end: { readonly [key: string]: WorkflowValue } = {}) {
  const asked: unknown[] = [];
  let looks = 0;
  const world: World & { asked: readonly unknown[] } = {
    now: Date.parse("2026-11-01T03:30:00Z") / 1000,
    logs: [],
    asked,
    http: (method, url, body): WorkflowValue => {
      if (url === `${api}operations/op-1`) {
        looks += 1;
        return looks < 3 ? { status: "RUNNING" } : { status: "DONE", ...end };
      }
      asked.push({ method, url, body });
      if (url !== `${api}instances/prod-postgres-1/export`) throw httpError(404, "not found");
      return { name: "op-1" };
    },
  };
  return world;
}

test("the export is accepted by a deployment", () => {
  expect(workflowFaults(program)).toEqual([]);
});

test("the export writes to an object of its own, off the instance, and waits until it is done", () => {
  const world = cloudSql();
  const uri = "gs://my-exports/sql/prod-postgres-1/warehouse-2026-11-01T03-30-00.sql.gz";
  expect(run(program, null, world)).toEqual({ uri });
  expect(world.asked).toEqual([
    {
      method: "post",
      url: `${api}instances/prod-postgres-1/export`,
      body: { exportContext: { fileType: "SQL", uri, databases: ["warehouse"], offload: true } },
    },
  ]);
});

test("the export fails with the error of Cloud SQL", () => {
  const error = { errors: [{ code: "ERROR_RDBMS", message: "no space" }] };
  expect(raisedBy(() => run(program, null, cloudSql({ error })))).toMatchObject({
    message:
      "database warehouse of prod-postgres-1 was not exported to " +
      "gs://my-exports/sql/prod-postgres-1/warehouse-2026-11-01T03-30-00.sql.gz",
    error,
  });
});
