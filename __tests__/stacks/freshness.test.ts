import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { loadCatalog } from "../fixtures/catalog";
import { loadEnvironment } from "../fixtures/config";
import type { WorkflowValue } from "../../constructs/workflow-source";
import { type DatasetSpec, defineDataset, Period } from "../../dataset";
import { FolderLake } from "../../job/lake/folder-lake";
import { writeManifest } from "../../job/lake/manifest";
import type { Manifest } from "../../job/records";
import { synthesized } from "../../scripts/synthesized";
import { httpError } from "../support/workflows/errors";
import { run, type World } from "../support/workflows/run";

const environment = { ...loadEnvironment("prod"), transfer: undefined };
const yellow = loadCatalog().get("yellow_tripdata");
if (yellow === undefined) throw new Error("there is no yellow_tripdata");
const daily = defineDataset({
  id: "daily_trips",
  description: "One file per day.",
  source: { url: "https://example.com/{period}.csv", format: "csv" },
  grain: "day",
  firstPeriod: "2020-01-01",
  schedule: { cron: "0 6 * * *", timeZone: "America/New_York", periodsBehind: 1 },
  columns: [{ name: "id", type: "INTEGER", description: "Number." }],
});

const workflow = z.looseObject({ name: z.string(), source_contents: z.string() });
const storageObject = z.looseObject({ name: z.string(), content: z.string() });
const source = z.record(
  z.string(),
  z.object({ params: z.optional(z.array(z.string())), steps: z.array(z.record(z.string(), z.json())) }),
);

/** The freshness check that is deployed, and the objects of the specifications that it reads, by name. */
function deployed(spec: DatasetSpec) {
  const stacks = synthesized({ environment, catalog: new Map([[spec.id, spec]]) });
  const objects = Object.values(
    stacks.get("prod-ingestion")?.resource.google_storage_bucket_object ?? {},
  ).map((one) => storageObject.parse(one));
  const { resource } = stacks.get("prod-orchestration") ?? {};
  const workflows = Object.values(resource?.google_workflows_workflow ?? {}).map((one) =>
    workflow.parse(one),
  );
  const found = workflows.find(({ name }) => name === "prod-fresh");
  if (found === undefined) throw new Error("there is no freshness check");
  return {
    check: source.parse(JSON.parse(found.source_contents.replaceAll("$${", "${"))),
    specifications: new Map(objects.map(({ name, content }) => [name, content.replaceAll("$${", "${")])),
  };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lake-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Cloud Storage: the lake is the folder. */
function storage(specifications: ReadonlyMap<string, string>, at: string): World {
  return {
    now: Date.parse(at) / 1000,
    logs: [],
    http: (_, url): WorkflowValue => {
      const { pathname, searchParams } = new URL(url);
      const [, bucket = "", path = ""] = /\/storage\/v1\/b\/([^/]+)\/o(?:\/(.+))?$/.exec(pathname) ?? [];
      const object = decodeURIComponent(path);
      if (bucket === "replace-me-prod-prod-specifications") {
        if (object === "") return { items: [...specifications.keys()].map((name) => ({ name })) };
        if (searchParams.get("alt") === "media") return specifications.get(object) ?? null;
      }
      if (bucket !== "replace-me-prod-prod-lake") throw httpError(403, `no access to ${bucket}`);
      if (!existsSync(join(folder, object))) throw httpError(404, "not found");
      return { name: object };
    },
  };
}

function manifest(dataset: string, period: string): Manifest {
  return {
    version: 1,
    key: "key",
    run: "run",
    dataset,
    period,
    spec: { version: 1, digest: "digest" },
    source: { url: "https://example.com", bytes: 1, sha256: "hash", rows: 1 },
    parquet: { path: "raw/file.parquet", bytes: 1, sha256: "hash", rows: 1 },
    rejects: null,
    warehouse: { table: "raw.table", rows: 1 },
    database: null,
    steps: [],
    finishedAt: "2026-11-20T00:00:00Z",
  };
}

test.each([
  ["yellow_tripdata", yellow, "2026-08", "2026-11-20T12:00:00Z"],
  ["daily_trips", daily, "2026-11-18", "2026-11-20T12:00:00Z"],
] as const)(
  "the deployed freshness check of %s finds the marker that the job writes",
  async (_, spec, label, at) => {
    const { check, specifications } = deployed(spec);
    const world = () => storage(specifications, at);
    expect(() => run(check, null, world())).toThrow(`period ${label} is due and not in the lake`);
    await writeManifest(new FolderLake(folder), manifest(spec.id, label), Period.parse(spec.grain, label));
    expect(run(check, null, world())).toEqual({ checked: 1 });
  },
);
