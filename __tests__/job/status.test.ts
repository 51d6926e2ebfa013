import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineDataset, datasetPrefix } from "../../dataset";
import orders from "../../docs/examples/orders";
import { FolderLake } from "../../job/lake/folder-lake";
import { statusText } from "../../job/report/tables";
import { statusOf } from "../../job/status";

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "status-"))));
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** The status of orders, of which the lake has folders of these months. They are ingested on the second of a month. */
function statusAt(now: string, months: readonly string[], change: object = {}) {
  const spec = defineDataset({ ...orders, partition: undefined, ...change });
  for (const month of months) {
    const [year = "", number = ""] = month.split("-");
    mkdirSync(join(root, datasetPrefix("raw", spec.id), `year=${year}`, `month=${number}`), {
      recursive: true,
    });
  }
  return statusOf(new FolderLake(root), [spec], { ledger: undefined, now: new Date(now) });
}

test("gaps between ingested periods are missing, with the command that ingests them", async () => {
  const status = await statusAt("2024-06-03T00:00:00Z", ["2024-01", "2024-03", "2024-04", "2024-05"]);
  expect(status.missing).toEqual([
    { dataset: "orders", kind: "gap", from: "2024-02", to: "2024-02", count: 1 },
  ]);
  expect(statusText(status, root)).toContain(
    "\norders 2024-02: 1 period is missing; npm run ingest -- run --dataset orders --period 2024-02",
  );
});

test("periods that the schedule should have ingested are overdue", async () => {
  const before = await statusAt("2024-06-01T00:00:00Z", ["2024-03", "2024-04"]);
  expect(before.missing).toEqual([]);
  const after = await statusAt("2024-07-02T12:00:00Z", []);
  expect(after.missing).toEqual([
    { dataset: "orders", kind: "overdue", from: "2024-05", to: "2024-06", count: 2, since: "2024-07-02" },
  ]);
  expect(statusText(after, root)).toContain(
    "\norders 2024-05 to 2024-06: 2 periods are overdue since 2024-07-02; npm run ingest -- run --dataset orders --from 2024-05 --to 2024-06",
  );
});

test("of a data set that is new, retired or has no schedule, nothing is overdue", async () => {
  expect((await statusAt("2024-07-02T12:00:00Z", [])).missing).toEqual([]);
  expect((await statusAt("2024-07-02T12:00:00Z", ["2024-01"], { retired: true })).missing).toEqual([]);
  expect((await statusAt("2024-07-02T12:00:00Z", ["2024-01"], { schedule: undefined })).missing).toEqual([]);
  expect((await statusAt("2024-07-02T12:00:00Z", ["2024-01"], { lastPeriod: "2024-01" })).missing).toEqual(
    [],
  );
});
