/** The broker and the producer alone: what becomes of a replay if one of them is killed, or the disk is full. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Home } from "../../job/home";
import { startBroker, whyBrokerEnded } from "../../streaming/broker/server";
import { produce, type Produced } from "../../streaming/produce/produce";
import { replay } from "../../streaming/produce/replay";
import { tripSource } from "../../streaming/produce/trips";
import { createTopics, ridesTopic } from "../../streaming/topics";
import yellow from "../../tour/catalog/yellow_tripdata";
import { describeUnless, testUnless } from "../support/unless";
import { foundBroker, messagesOf, ridesIn, TestBroker } from "./support";

const { program, reason } = foundBroker();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-broker-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function send(
  address: string,
  limit: number,
  onSent: (produced: Produced) => void = () => undefined,
  retries = 30,
): Promise<Produced> {
  const source = await tripSource(new Home(join(folder, "empty")), yellow);
  const rides = replay(source.trips(), { name: source.name, limit, late: 0.02 });
  return produce({ address, name: source.name, rides, retries }, onSent);
}

async function expectEachOnce(address: string, count: number): Promise<void> {
  const ids = (await ridesIn(address)).map(({ ride_id }) => Number(ride_id.split("/")[1]));
  expect(ids).toHaveLength(count);
  expect([...new Set(ids)].sort((one, other) => one - other)).toEqual(ids.map((_, index) => index));
}

describeUnless(reason)("a broker", () => {
  let broker: TestBroker;
  beforeEach(() => {
    if (program !== undefined) broker = new TestBroker(join(folder, "kafka"), program);
  });
  afterEach(() => broker.stop());

  test("that is killed while rides are sent is found again at its address, and each ride is there once", async () => {
    await broker.start();
    await createTopics(broker.address);
    let restarted: Promise<void> | undefined;
    let kills = 0;
    const done = await send(broker.address, 20_000, ({ sent }) => {
      if (sent < 4000 * (kills + 1) || kills === 2) return;
      kills += 1;
      restarted = (restarted ?? Promise.resolve()).then(() => broker.killAndStart());
    });
    await restarted;
    expect(kills).toBe(2);
    expect(done.sent).toBe(20_000);
    await expectEachOnce(broker.address, 20_000);
  }, 300_000);

  test("keeps what a replay has sent: the next run sends the rest, and then nothing", async () => {
    await broker.start();
    await createTopics(broker.address);
    expect(await send(broker.address, 1000)).toMatchObject({ sent: 1000, skipped: 0 });
    expect(await send(broker.address, 2500)).toMatchObject({ sent: 1500, skipped: 1000 });
    expect(await send(broker.address, 2500)).toMatchObject({ sent: 0, skipped: 2500 });
    await expectEachOnce(broker.address, 2500);
    // The event's time is in the value: with it as the timestamp, the topic could delete old rides at once.
    const [first] = await messagesOf(broker.address, ridesTopic);
    expect(first?.value).toContain('"pickup_datetime":"2019-01-01T00:');
  }, 300_000);

  test("of which nobody is the owner any more is joined, and stopped by the one who joined it", async () => {
    if (program === undefined) return;
    await broker.start();
    const joined = await startBroker(join(folder, "kafka"), program);
    expect(joined).toMatchObject({ address: broker.address, joined: true });
    // It was joined: its owner stops it.
    await joined.stop();
    await createTopics(joined.address);
    await broker.stop();
    expect(await whyBrokerEnded(join(folder, "kafka"))).toMatchObject({ kind: "retryable" });
  }, 120_000);
});

testUnless(reason ?? reasonAgainstMounts())(
  "on a full disk, the broker says so; with free space, the same replay continues and nothing is doubled",
  async () => {
    if (program === undefined) return;
    const disk = join(folder, "disk");
    mkdirSync(disk);
    chmodSync(folder, 0o755);
    const mount = (options: string) =>
      execFileSync("mount", ["-t", "tmpfs", "-o", options, "tributary-test", disk]);
    mount("size=3m");
    let broker = new TestBroker(join(disk, "kafka"), program);
    try {
      await broker.start();
      await createTopics(broker.address);
      await expect(send(broker.address, 60_000, () => undefined, 3)).rejects.toMatchObject({
        kind: "retryable",
      });
      const why = await whyBrokerEnded(join(disk, "kafka"));
      expect(why).toMatchObject({
        kind: "retryable",
        message: `the broker has ended: the disk of ${join(disk, "kafka", "data")} is full; make room, then run the same command again`,
      });

      mount("remount,size=200m");
      broker = new TestBroker(join(disk, "kafka"), program);
      await broker.start();
      const { sent, skipped } = await send(broker.address, 60_000);
      expect(sent + skipped).toBe(60_000);
      expect(skipped).toBeGreaterThan(0);
      await expectEachOnce(broker.address, 60_000);
    } finally {
      await broker.stop();
      execFileSync("umount", ["-l", disk]);
    }
  },
  300_000,
);

function reasonAgainstMounts(): string | undefined {
  if (process.geteuid?.() !== 0) return "only root can mount a small disk";
  const place = mkdtempSync(join(tmpdir(), "tributary-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tributary-test", place], { stdio: "pipe" });
    execFileSync("umount", [place]);
    return undefined;
  } catch {
    return "this machine does not allow mounting a small disk";
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
