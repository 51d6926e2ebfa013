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

test("the output of a program is returned regardless of its exit code", async () => {
  const ended = await node("console.log('out'); console.error('err'); process.exitCode = 3");
  expect({ ...ended, stdout: ended.stdout.toString() }).toEqual({
    exitCode: 3,
    stdout: "out\n",
    stderr: "err\n",
  });
});

test("a missing program is an error with its name", async () => {
  await expect(runChild("no-such-program", [], { cwd: folder, env: {} })).rejects.toThrow(
    new ProgramMissing("no-such-program is not installed"),
  );
});

test("an abort interrupts the program once, and waits for its graceful shutdown", async () => {
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

test("a program that ignores the interrupt is killed after a timeout", async () => {
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

test("with infinite patience, the result is returned even after an abort", async () => {
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

test("processes that a program leaves behind are killed", async () => {
  const { stdout } = await node(
    `const left = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
     console.log(left.pid); setTimeout(() => process.exit(), 100)`,
  );
  const pid = Number(stdout.toString());
  expect(pid).toBeGreaterThan(0);
  expect(alive(pid)).toBe(false);
});

test("no program is started after an abort", async () => {
  await expect(
    node("require('fs').writeFileSync('ran', '')", { signal: AbortSignal.abort() }),
  ).rejects.toThrow(Interrupted);
});
