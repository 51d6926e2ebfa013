/** `npm run soak -- cloud [points]`: kills the job at random points while it replaces a month in the emulated cloud. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describeUnless } from "../../support/unless";
import { cleanUp, newFolder } from "../integration/support";
import { csv, rows } from "../integration/yellow";
import { missingCloud, startCloud } from "./support";

const points = Number(process.env.SOAK_POINTS ?? 200);
jest.setTimeout(points * 60_000);
afterAll(cleanUp);

describeUnless(missingCloud())("in the cloud", () => {
  test(`${points} kills: the next run leaves what a run without a kill leaves`, async () => {
    const cloud = await startCloud("dev");
    const folder = newFolder();
    const versions = [1, 2].map((seed) => csv(rows("2019-01", 2_000, seed)));
    const put = (version: number) => {
      writeFileSync(join(folder, "2019-01.csv"), versions[version] ?? "");
    };
    const args = ["--period", "2019-01", "--source", join(folder, "{period}.csv")];
    const contents = async () => ({
      lake: (await cloud.lake()).filter((path) => !path.includes("/_staging")).sort(),
      warehouse: await cloud.warehouse("SELECT count(*) AS n, sum(total_amount) AS s FROM {yellow_tripdata}"),
      database: await cloud.database("SELECT count(*) AS n, sum(total_amount) AS s FROM raw.yellow_tripdata"),
    });
    const expected: Awaited<ReturnType<typeof contents>>[] = [];
    let longest = 0;
    for (const version of [0, 1]) {
      put(version);
      const began = performance.now();
      expect(await cloud.run("yellow_tripdata", args)).toMatchObject({ code: 0 });
      longest = Math.max(longest, performance.now() - began);
      expected.push(await contents());
    }
    let kills = 0;
    for (let point = 0; point < points; point += 1) {
      const version = point % 2;
      put(version);
      const running = cloud.start("yellow_tripdata", args);
      const delay = Math.random() * longest;
      await Promise.race([sleep(delay), running.ended]);
      running.process.kill("SIGKILL");
      if ((await running.ended).signal === "SIGKILL") kills += 1;
      const again = await cloud.run("yellow_tripdata", args);
      expect({ delay, code: again.code, stderr: again.stderr }).toEqual({ delay, code: 0, stderr: "" });
      expect({ delay, ...(await contents()) }).toEqual({ delay, ...expected[version] });
    }
    process.stderr.write(`${points} points, ${kills} kills, 0 differences\n`);
    expect(kills).toBeGreaterThan(points / 2);
  });
});
