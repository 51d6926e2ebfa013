import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cleanUp, ingest, newFolder, start } from "./support";
import { csv, rows, withField } from "./yellow";

afterEach(cleanUp);

test("with --keep-going, the periods after one that fails are ingested; rejected rows can be shown", async () => {
  const [folder, home] = [newFolder(), newFolder()];
  const bad = rows("2019-03", 20).map((line, index) =>
    index === 4 ? withField(line, "fare_amount", "free") : line,
  );
  writeFileSync(join(folder, "2019-01.csv"), csv(rows("2019-01", 20)));
  writeFileSync(join(folder, "2019-03.csv"), csv(bad));
  const run = await ingest([
    ...["--dataset", "yellow_tripdata", "--from", "2019-01", "--to", "2019-03", "--home", home],
    ...["--source", join(folder, "{period}.csv"), "--no-database", "--keep-going"],
  ]);
  // The file of February does not exist.
  expect(run.code).toBe(1);
  expect(run.summary.periods.map(({ period }) => period)).toEqual(["2019-01", "2019-03"]);
  expect(run.summary.failures).toMatchObject([{ period: "2019-02", kind: "permanent", exitCode: 1 }]);
  expect(run.stderr).toMatch(/^yellow_tripdata 2019-02: /);

  const shown = await start(["rejects", "yellow_tripdata", "2019-03", "--home", home]).ended;
  expect(shown.stdout).toMatch(/^yellow_tripdata 2019-03: 1 row rejected\n/);
  expect(shown.stdout).toMatch(/fare_amount {2}.*"free"/);
  const status = await start(["status", "--home", home]).ended;
  expect(status.stdout).toContain("yellow_tripdata 2019-02: 1 period is missing; npm run ingest -- run");
}, 120_000);
