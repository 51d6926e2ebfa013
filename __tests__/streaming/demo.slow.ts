/** The commands as a user runs them: what they print, how they exit, and that nothing stays behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describeUnless } from "../support/unless";
import { foundBroker, foundSink } from "./support";

const reason = foundBroker().reason ?? foundSink().reason;

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tributary-demo-"));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

/** `npm run stream -- <args> --home <home>`. */
function start(...args: readonly string[]) {
  const command = ["scripts/run.mjs", "streaming/main.ts", ...args, "--home", home];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once("close", (code) => {
      resolve({ code, ...output });
    });
  });
  return { child, output, ended };
}

/** Waits until the command has printed something. */
async function until(text: string, { child, output }: ReturnType<typeof start>): Promise<void> {
  while (!`${output.stdout}${output.stderr}`.includes(text)) {
    if (hasEnded(child)) throw new Error(`it ended before "${text}":\n${output.stdout}${output.stderr}`);
    await sleep(50);
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Processes that have something to do with the home. */
function running(): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        return command.includes(home) ? [command] : [];
      } catch {
        // It has ended in the meantime.
        return [];
      }
    });
}

describeUnless(reason ?? (process.platform === "linux" ? undefined : "only Linux has /proc"))(
  "npm run stream",
  () => {
    test("-- demo sends rides, loads each once, and compares the windows; again, there is nothing to send", async () => {
      const { code, stdout, stderr } = await start("demo", "--rides", "600", "--no-database").ended;
      expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
      expect(stderr).toMatch(
        /✓ 600 rides sent, each once in raw\.rides; \d+ windows equal to those counted apart/,
      );
      expect(stderr).toContain("The branch at 40 dollars");
      expect(running()).toEqual([]);

      const again = await start("produce", "--limit", "600", "--late", "0.01", "--json").ended;
      expect(again).toMatchObject({ code: 0 });
      expect(JSON.parse(again.stdout)).toEqual({ replay: "sample-2019-01", sent: 0, skipped: 600 });
    }, 600_000);

    test("ends with Ctrl-C while rides are sent, and leaves no process; the same command continues", async () => {
      const demo = start("produce", "--limit", "3000", "--speed", "20000");
      await until("✓ broker", demo);
      await sleep(1500);
      demo.child.kill("SIGINT");
      const stopped = await demo.ended;
      expect(stopped).toMatchObject({ code: 130, stdout: "" });
      expect(stopped.stderr).toContain("stopped by SIGINT; run the same command again to continue");
      expect(running()).toEqual([]);
      const { code, stdout } = await start("produce", "--limit", "3000", "--json").ended;
      const { sent, skipped } = JSON.parse(stdout) as { sent: number; skipped: number };
      expect({ code, all: sent + skipped }).toEqual({ code: 0, all: 3000 });
    }, 300_000);

    test("-- broker is used by other commands, and ends with Ctrl-C; consume ends with it, too", async () => {
      const broker = start("broker");
      await until("127.0.0.1:", broker);
      const sent = await start("produce", "--limit", "50").ended;
      expect(sent.stderr).toContain(", which was running");
      const consume = start("consume", "--no-database");
      await until("✓ spark", consume);
      consume.child.kill("SIGINT");
      expect(await consume.ended).toMatchObject({ code: 130 });
      // Spark's JVM notices that its Python has ended.
      for (let wait = 0; wait < 100 && running().length > 2; wait += 1) await sleep(100);
      expect(
        running()
          .map((command) => /kafka\.Kafka|streaming\/main|streaming-main/.exec(command)?.[0])
          .sort(),
      ).toEqual(["kafka.Kafka", "streaming/main"]);
      broker.child.kill("SIGINT");
      const { code } = await broker.ended;
      expect(code).toBe(0);
      expect(running()).toEqual([]);
    }, 300_000);

    test("says what is wrong with a command before it starts anything", async () => {
      const cases: readonly (readonly [readonly string[], number, string])[] = [
        [["produce", "--limit", "many"], 1, "It is not a positive number."],
        [["produce", "--late", "2"], 1, "It is not a number from 0 to 1."],
        [["produce", "--period", "2019-02"], 1, "yellow_tripdata 2019-02 is not in "],
        [["consume", "--broker", "127.0.0.1:1"], 2, "broker 127.0.0.1:1 does not answer"],
      ];
      for (const [args, exit, text] of cases) {
        const { code, stderr } = await start(...args).ended;
        expect({ args, code, says: stderr.includes(text) }).toEqual({ args, code: exit, says: true });
      }
      expect(running()).toEqual([]);
    }, 60_000);
  },
);
