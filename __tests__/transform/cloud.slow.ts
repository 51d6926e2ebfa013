import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { loadEnvironment } from "../fixtures/config";
import { dbtBigQuery } from "../../checks/emulators/dbt-bigquery";
import { dbtPackages } from "../../transform/driver/environment";
import { type Cloud, missingCloud, startCloud } from "../job/cloud/support";
import { cleanUp, newFolder, project, start, warehouse } from "../job/integration/support";
import { fixtureProject } from "../support/fixtures";
import { describeUnless } from "../support/unless";
import { transform } from "./laptop";
import { generated, ingestAll, publishAgain } from "./months";
import { missingModels, missingPython, pythonOf } from "./support";

const minutes = 60_000;
const location = loadEnvironment("dev").region;
const jobReference = z.object({ jobReference: z.object({ jobId: z.string() }) });

describeUnless(missingModels ?? missingCloud() ?? missingPython(dbtBigQuery) ?? missingPython(dbtPackages))(
  "the transform job",
  () => {
    let cloud: Cloud;
    let folder: string;
    let home: string;

    beforeAll(async () => {
      folder = newFolder();
      home = newFolder();
      await generated.write(folder);
      cloud = await startCloud("dev");
      await ingestCloud();
      await ingestAll(generated, folder, home);
    }, 5 * minutes);
    afterAll(cleanUp);

    async function ingestCloud(only?: string): Promise<void> {
      for (const [dataset, { file, from, to }] of Object.entries(generated.files)) {
        if (only !== undefined && dataset !== only) continue;
        const range = from === to ? ["--period", from] : ["--from", from, "--to", to];
        const { code, stdout } = await cloud.run(dataset, [
          ...range,
          ...["--source", join(folder, file), "--no-database", "--allow-shrink"],
        ]);
        if (code !== 0) throw new Error(stdout);
      }
    }

    /** Runs the program of the image as Cloud Run does. */
    function runJob(execution: string, ...args: readonly string[]) {
      return startJob(execution, ...args).ended;
    }

    function startJob(
      execution: string,
      ...args: readonly string[]
    ): { child: ChildProcess; ended: Promise<{ code: number | null; output: string }> } {
      const child = spawn(pythonOf(dbtBigQuery), [join(project, "transform", "cloud", "run.py"), ...args], {
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          DBT_TARGET: "emulator",
          PROJECT_FOLDER: join(fixtureProject, "transform"),
          ARTIFACTS_FOLDER: newFolder(),
          ARTIFACTS: `gs://${cloud.bucket}/transforms/`,
          CLOUD_RUN_EXECUTION: execution,
          RAW_DATASET: cloud.dataset,
          STAGING_DATASET: "dev_staging",
          CORE_DATASET: "dev_core",
          WAREHOUSE_LOCATION: location,
          WAREHOUSE_PROJECT: loadEnvironment("dev").project.id,
          STORAGE_API_ENDPOINT: cloud.fronts.storage.url,
          BIGQUERY_API_ENDPOINT: cloud.fronts.bigquery.url,
          LOCK_POLL_SECONDS: "0.5",
          TASK_TIMEOUT_SECONDS: "240",
        },
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (text: Buffer) => (output += text.toString()));
      const ended = new Promise<{ code: number | null; output: string }>((resolve, reject) => {
        child.once("error", reject).once("close", (code) => {
          resolve({ code, output });
        });
      });
      return { child, ended };
    }

    /** Rows of a table in core, in an order of their own, with numbers as text. */
    async function rowsOf(
      table: string,
      columns: string,
    ): Promise<{ readonly here: unknown; readonly there: unknown }> {
      const id = loadEnvironment("dev").project.id;
      const there = await cloud.warehouse(
        `SELECT ${columns} FROM \`${id}.dev_core.${table}\` ORDER BY 1, 2, 3`,
      );
      const here = await warehouse(home, `SELECT ${columns} FROM core.${table} ORDER BY 1, 2, 3`);
      return { here, there };
    }

    async function expectEqualMarts(): Promise<void> {
      const text = (names: string) =>
        names
          .trim()
          .split(/\s+/)
          .map((name) => `CAST(${name} AS STRING) AS ${name}`)
          .join(", ");
      const cents = (names: string) =>
        names
          .trim()
          .split(/\s+/)
          .map((name) => `CAST(CAST(ROUND(${name} * 100) AS INT64) AS STRING) AS ${name}`)
          .join(", ");
      for (const [table, columns] of [
        [
          "dm_monthly_zone_revenue",
          `${text("location_id revenue_month service_type total_monthly_trips")}, ${cents("revenue_monthly_total_amount revenue_monthly_fare revenue_monthly_tip_amount avg_monthly_trip_distance")}`,
        ],
        [
          "fact_trips",
          `${text("trip_id service_type _period pickup_zone dropoff_zone")}, ${cents("total_amount")}`,
        ],
        ["fact_fhv_trips", text("trip_id service_type _period pickup_zone")],
        ["trips_left_out", text("service_type rule _period trips")],
        ["trips_per_day", `${text("service_type pickup_date trips")}, ${cents("total_amount")}`],
      ] as const) {
        const { here, there } = await rowsOf(table, columns);
        expect([table, there]).toEqual([table, here]);
      }
    }

    test(
      "builds the models in BigQuery with the rows and keys of the laptop, to the cent",
      async () => {
        const { code, output } = await runJob("dev-transform-1");
        expect([code, code === 0 ? "" : output]).toEqual([0, ""]);
        expect((await transform(home, "build")).code).toBe(0);
        await expectEqualMarts();
      },
      8 * minutes,
    );

    test("its artifacts lie in the lake, and no lock is left", async () => {
      const [files] = await cloud.storage.bucket(cloud.bucket).getFiles({ prefix: "transforms/" });
      const names = files.map(({ name }) => name);
      for (const name of ["docs.html", "manifest.json", "run_results.json", "summary.json"])
        expect(names).toContain(`transforms/runs/dev-transform-1/${name}`);
      expect(names).not.toContain("transforms/lock.json");
    });

    test(
      "of a period that was ingested again it replaces that one",
      async () => {
        await publishAgain(folder, "2019-02", 3);
        await ingestCloud("yellow_tripdata");
        await ingestAll(generated, folder, home, "yellow_tripdata");
        const ended = await runJob(
          "dev-transform-2",
          "--dataset",
          "yellow_tripdata",
          "--from",
          "2019-02",
          "--to",
          "2019-02",
        );
        expect([ended.code, ended.code === 0 ? "" : ended.output]).toEqual([0, ""]);
        const [summary] = await cloud.storage
          .bucket(cloud.bucket)
          .file("transforms/runs/dev-transform-2/summary.json")
          .download();
        expect(JSON.parse(summary.toString())).toMatchObject({
          exitCode: 0,
          periods: ["2019-02-01"],
          failures: [],
        });
        expect((await transform(home, "build")).code).toBe(0);
        await expectEqualMarts();
      },
      8 * minutes,
    );

    test(
      "the dashboard of BigQuery shows what the one of the laptop shows",
      async () => {
        const { id } = loadEnvironment("dev").project;
        const there = await report(newFolder(), "--warehouse", `bigquery:${id}`, "--core", "dev_core");
        const here = await report(home);
        for (const answer of ["days", "months", "zones", "leftOut", "freshness"] as const)
          expect([answer, there[answer]]).toEqual([answer, here[answer]]);
      },
      minutes,
    );

    /** What the dashboard shows. */
    async function report(folder: string, ...args: readonly string[]): Promise<Record<string, unknown>> {
      const endpoint = { BIGQUERY_API_ENDPOINT: cloud.fronts.bigquery.url };
      const { code, stderr } = await start(["--home", folder, ...args], endpoint, {
        args: ["scripts/run.mjs", "tour/dashboard/main.ts"],
        cwd: project,
      }).ended;
      expect([code, stderr]).toEqual([0, ""]);
      const page = readFileSync(join(folder, "report", "dashboard.html"), "utf8");
      const [, data = ""] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? [];
      return z.record(z.string(), z.unknown()).parse(JSON.parse(data));
    }

    test(
      "when Cloud Run stops it, BigQuery is told to cancel the query that runs",
      async () => {
        const front = cloud.fronts.bigquery;
        const cancelled = () =>
          front.asked.some(({ method, path }) => method === "POST" && /\/cancel/.test(path));
        const job = startJob("dev-transform-4");
        let held = false;
        // The first look at the state of a query that builds a fact: the query is still running.
        front.holdNext(
          ({ method, path }) => method === "GET" && queriesOf("fact_trips").some((id) => path.includes(id)),
          async () => {
            held = true;
            job.child.kill("SIGTERM");
            for (let waited = 0; waited < 200 && !cancelled(); waited += 1) await sleep(100);
          },
        );
        const { code } = await job.ended;
        expect({ held, cancelled: cancelled(), failed: code !== 0 }).toEqual({
          held: true,
          cancelled: true,
          failed: true,
        });
        // The next run is not disturbed by what this one left.
        expect((await runJob("dev-transform-5")).code).toBe(0);
        await expectEqualMarts();
      },
      8 * minutes,
    );

    /** Ids of the jobs that have this table in their SQL. */
    function queriesOf(table: string): string[] {
      return cloud.fronts.bigquery.asked.flatMap(({ method, path, body }) => {
        if (method !== "POST" || !path.includes("/jobs") || !body.includes(table)) return [];
        const { jobId } = jobReference.parse(JSON.parse(body.toString())).jobReference;
        return [jobId];
      });
    }

    test(
      "while another run works, a run waits; the lock of a run that is gone expires",
      async () => {
        const lock = cloud.storage.bucket(cloud.bucket).file("transforms/lock.json");
        await lock.save(JSON.stringify({ execution: "dev-transform-0", until: Date.now() / 1000 + 20 }));
        const started = Date.now();
        const { code } = await runJob(
          "dev-transform-3",
          "--dataset",
          "fhv_tripdata",
          "--from",
          "2019-02",
          "--to",
          "2019-02",
        );
        expect(code).toBe(0);
        expect(Date.now() - started).toBeGreaterThan(15_000);
        expect(z.tuple([z.boolean()]).parse(await lock.exists())).toEqual([false]);
      },
      5 * minutes,
    );
  },
);
