import { copyFileSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { dagTest, type DagTestOptions } from "../../airflow/driver/dag-test";
import { airflowPackages } from "../../airflow/driver/environment";
import { dagRules, pipelineRules } from "../../dataset";
import { dbtPackages } from "../../transform/driver/environment";
import { cleanUp, newFolder, serve, warehouse } from "../job/integration/support";
import { describeUnless } from "../support/unless";
import { generated } from "../transform/months";
import { missingPython } from "../transform/support";

const minutes = 60_000;
const missing = missingPython(airflowPackages) ?? missingPython(dbtPackages);

/** With a second before an ingestion is tried again, instead of minutes. */
const rules = { ...dagRules, rules: { ...pipelineRules, rest: { first: 1, factor: 1 } } };

/** The real ingest and the real models, run by the real Airflow. */
describeUnless(missing)("airflow dags test", () => {
  let folder: string;
  let home: string;
  beforeAll(async () => {
    folder = newFolder();
    await generated.write(folder);
  }, minutes);
  beforeEach(() => {
    home = join(newFolder(), "home");
    mkdirSync(home);
  });
  afterAll(cleanUp);

  async function run(dataset: string, options: Omit<DagTestOptions, "home">) {
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    return { code: await dagTest(dataset, { ...options, home }, { rules, print }), output: lines.join("\n") };
  }

  const rowsOf = async (table: string) =>
    Number((await warehouse(home, `SELECT count(*) AS rows FROM ${table}`))[0]?.["rows"]);

  test(
    "a transient error: the ingestion is tried again, then the models are built",
    async () => {
      const zones = Buffer.from(zonesText);
      let requests = 0;
      const url = await serve((_, response) => {
        requests += 1;
        // The ingest program gives up after five attempts.
        if (requests <= 5) response.writeHead(503, { "Retry-After": "0" }).end();
        else response.writeHead(200, { "Content-Length": zones.length }).end(zones);
      });
      const { code, output } = await run("taxi_zones", { source: `${url}/zones.csv` });
      expect(output).toContain("could not be downloaded in 5 attempts");
      expect(output).toContain("… ingest is tried again after a pause");
      expect(output).toContain("13 of 13 models built");
      expect([code, requests]).toEqual([0, 6]);
      expect([await rowsOf("raw.taxi_zones"), await rowsOf("core.dim_zones")]).toEqual([2, 2]);
    },
    10 * minutes,
  );

  test(
    "an integrity failure is not tried again, and no further period is started",
    async () => {
      const file = join(folder, "broken_2019-01.csv.gz");
      writeFileSync(file, gzipSync("VendorID\n".repeat(10_000)));
      truncateSync(file, 40);
      copyFileSync(file, join(folder, "broken_2019-02.csv.gz"));
      const source = join(folder, "broken_{period}.csv.gz");
      const { code, output } = await run("yellow_tripdata", { from: "2019-01", to: "2019-02", source });
      expect(code).toBe(1);
      expect(output).toContain("✗ ingest: yellow_tripdata: period 2019-01: integrity failure");
      expect(output).toContain("yellow_tripdata 2019-02: not started");
      expect(output).toContain("- skipped: nothing was ingested");
      expect(output).not.toContain("tried again");
    },
    10 * minutes,
  );

  test(
    "a period that fails for good: the others are ingested, their models built, and the run fails",
    async () => {
      const source = join(folder, "yellow_{period}.parquet");
      const { code, output } = await run("yellow_tripdata", { from: "2019-03", to: "2019-04", source });
      expect(code).toBe(1);
      expect(output).toContain("✗ ingest: yellow_tripdata: period 2019-04: permanent failure");
      expect(output).toContain("13 of 13 models built");
      expect(output).not.toContain("tried again");
      expect(await rowsOf("raw.yellow_tripdata")).toBe(3002);
    },
    10 * minutes,
  );
});

const zonesText = `LocationID,Borough,Zone,service_zone
1,Queens,One,Boro Zone
2,Bronx,Two,Boro Zone
`;
