import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Interrupted, ProgramMissing, runChild } from "../../terraform/child";
import { alive } from "../preview/support/processes";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "child-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const node = (program: string, more: Partial<Parameters<typeof runChild>[2]> = {}) =>
  runChild(process.execPath, ["-e", program], { cwd: folder, env: process.env, ...more });

test("whatever its exit code, what it wrote comes back", async () => {
  const ended = await node("console.log('out'); console.error('err'); process.exitCode = 3");
  expect({ ...ended, stdout: ended.stdout.toString() }).toEqual({
    exitCode: 3,
    stdout: "out\n",
    stderr: "err\n",
  });
});

test("a program that is not there is named", async () => {
  await expect(runChild("no-such-program", [], { cwd: folder, env: {} })).rejects.toThrow(
    new ProgramMissing("no-such-program is not installed"),
  );
});

test("an abort interrupts it once, and waits until it has shut down gracefully", async () => {
  const controller = new AbortController();
  const running = node(
    `let times = 0;
     process.on("SIGINT", () => { times++; setTimeout(() => {
       require("fs").writeFileSync("times", String(times)); process.exit(); }, 200); });
     setInterval(() => {}, 1000); console.log("ready")`,
    {
      signal: controller.signal,
      onOutput: () => {
        controller.abort();
      },
    },
  );
  await expect(running).rejects.toThrow(Interrupted);
  expect(readFileSync(join(folder, "times"), "utf8")).toBe("1");
});

test("one that does not stop is killed after a while", async () => {
  const controller = new AbortController();
  const running = node(`process.on("SIGINT", () => {}); setInterval(() => {}, 1000); console.log("ready")`, {
    signal: controller.signal,
    patience: 100,
    onOutput: () => {
      controller.abort();
    },
  });
  await expect(running).rejects.toThrow(Interrupted);
});

test("with endless patience its result counts, also after an abort", async () => {
  const controller = new AbortController();
  const ended = await node(
    `process.on("SIGINT", () => { console.log("saved"); process.exit(0); }); setInterval(() => {}, 1000); console.log("ready")`,
    {
      signal: controller.signal,
      patience: Infinity,
      onOutput: () => {
        controller.abort();
      },
    },
  );
  expect(ended.stdout.toString()).toContain("saved");
});

test("what it leaves behind ends with it", async () => {
  const { stdout } = await node(
    `const left = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
     console.log(left.pid); setTimeout(() => process.exit(), 100)`,
  );
  const pid = Number(stdout.toString());
  expect(pid).toBeGreaterThan(0);
  expect(alive(pid)).toBe(false);
});

test("after an abort nothing is started", async () => {
  await expect(
    node("require('fs').writeFileSync('ran', '')", { signal: AbortSignal.abort() }),
  ).rejects.toThrow(Interrupted);
});
