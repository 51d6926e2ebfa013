import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { runCommand } from "../../tour/child";

const command = "__tests__/tour/fixtures/command.ts";
const folder = mkdtempSync(join(tmpdir(), "tributary-child-"));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("runCommand returns the lines and the exit code", async () => {
  expect(await runCommand(command, ["4", "one", "two words"])).toEqual({
    exitCode: 4,
    lines: ["one", "two words"],
  });
});

test("runCommand forwards a signal and removes its listeners", async () => {
  const before = process.listenerCount("SIGTERM");
  const running = await started("wait");
  process.emit("SIGTERM", "SIGTERM");
  expect((await running.ended).exitCode).toBe(143);
  expect(process.listenerCount("SIGTERM")).toBe(before);
});

test("runCommand kills the command on the second signal", async () => {
  const running = await started("stubborn");
  process.emit("SIGTERM", "SIGTERM");
  process.emit("SIGTERM", "SIGTERM");
  expect((await running.ended).exitCode).toBe(137);
});

/** Starts a command and waits until its signal handlers are installed. */
async function started(ending: string) {
  const ready = join(folder, ending);
  const ended = runCommand(command, [ending], { READY_FILE: ready });
  while (!existsSync(ready)) await pause(50);
  return { ended };
}
