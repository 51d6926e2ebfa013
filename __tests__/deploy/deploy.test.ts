import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { FakeProject } from "./support/project";

/** The stacks of the platform, in short: two branches that meet. */
const stacks = {
  base: [],
  net: ["base"],
  lake: ["base"],
  warehouse: ["lake"],
  jobs: ["warehouse", "net"],
};

let platform: FakeProject;
beforeEach(() => {
  platform = new FakeProject(stacks);
});
afterEach(() => {
  platform.remove();
});

const deploy = (...args: string[]) => platform.run("deploy", "--auto-approve", ...args);
const destroy = (...args: string[]) => platform.run("destroy", "--auto-approve", ...args);

/** Whether `one` ended before `other` started. */
function before(one: string, other: string): boolean {
  const applied = platform.applied();
  return applied.indexOf(`${one} end`) < applied.indexOf(`${other} start`);
}

test("deploy applies each stack after those it depends on, and independent ones at the same time", async () => {
  platform.behave({ "net apply": { seconds: 0.5 }, "lake apply": { seconds: 0.5 } });
  const { exitCode, output } = await deploy();
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  expect(platform.applied()).toHaveLength(10);
  for (const [stack, needed] of Object.entries(stacks))
    for (const one of needed) expect([one, stack, before(one, stack)]).toEqual([one, stack, true]);
  expect(before("net", "lake") || before("lake", "net")).toBe(false);
  expect(output).toMatch(/\nDeployed: base, lake, warehouse, net, jobs\n$/);
});

test("the second run finds nothing to change, and applies nothing", async () => {
  await deploy();
  platform.forget();
  const { exitCode, output } = await deploy();
  expect(exitCode).toBe(0);
  expect(output).toMatch(/\nNothing to change\.\n$/);
  expect(platform.applied()).toEqual([]);
});

test("--parallelism 1 applies one stack at a time", async () => {
  await deploy("--parallelism", "1");
  const applied = platform.applied();
  for (let at = 0; at < applied.length; at += 2)
    expect(applied[at + 1]).toBe(applied[at]?.replace("start", "end"));
});

describe("when a stack fails", () => {
  const failing = {
    "warehouse apply": { fails: "Dataset is refused" },
    "net apply": { seconds: 1 },
  };

  test("those that run are finished, not killed, and the report says what is left and why", async () => {
    platform.behave(failing);
    const { exitCode, output } = await deploy();
    expect(exitCode).toBe(1);
    expect(platform.calls().filter(({ event }) => event === "interrupt")).toEqual([]);
    expect(platform.applied()).toContain("net end");
    // It does not depend on what failed.
    expect(platform.states()).toEqual({ base: "done", lake: "done", net: "done" });
    expect(output).toContain("Failed: warehouse: Error: Dataset is refused\n");
    expect(output).toContain("Not started: jobs: warehouse failed\n");
    expect(output).toMatch(/\nDeployed: base, lake, net\n/);
  });

  test("the same command continues where it ended", async () => {
    platform.behave(failing);
    await deploy();
    platform.forget();
    platform.behave({});
    const { exitCode, output } = await deploy();
    expect(exitCode).toBe(0);
    expect(platform.applied()).toEqual(["warehouse start", "warehouse end", "jobs start", "jobs end"]);
    expect(output).toContain("Unchanged: base, lake, net");
  });

  test("a stack that cannot be planned keeps all from being applied", async () => {
    platform.behave({ "lake plan": { fails: "no rights" } });
    const { exitCode, output } = await deploy();
    expect(exitCode).toBe(1);
    expect(output).toMatch(/lake\s+cannot be planned: .*no rights/);
    expect(output).toContain("Nothing was changed: not all stacks could be planned.");
    expect(platform.applied()).toEqual([]);
  });
});

describe("an interruption", () => {
  const slow = { "net apply": { seconds: 60 }, "lake apply": { seconds: 60 } };

  test("is passed on once: Terraform records what it has made, nothing is started", async () => {
    platform.behave(slow);
    const { pid, ended } = platform.start("deploy", "--auto-approve");
    await platform.seen("net start");
    await platform.seen("lake start");
    // A terminal and npm both pass it on.
    process.kill(pid, "SIGINT");
    process.kill(pid, "SIGINT");
    const { exitCode, output } = await ended;
    expect(exitCode).toBe(130);
    const applied = platform.applied();
    for (const stack of ["net", "lake"])
      expect(applied.filter((one) => one.startsWith(stack))).toEqual([
        `${stack} start`,
        `${stack} interrupt`,
        `${stack} end`,
      ]);
    expect(platform.states()).toEqual({ base: "done", net: "partial", lake: "partial" });
    expect(output).toContain("Not started: warehouse: interrupted");
  });

  test("a second one stops a Terraform that does not shut down", async () => {
    platform.behave({ "net apply": { seconds: 60, stubborn: true } });
    const { pid, ended } = platform.start("deploy", "--auto-approve", "--stack", "net");
    await platform.seen("net start");
    process.kill(pid, "SIGINT");
    await platform.seen("net interrupt");
    await setTimeout(1_100);
    process.kill(pid, "SIGINT");
    expect((await ended).exitCode).toBe(130);
    expect(platform.applied()).toEqual(["net start", "net interrupt", "net interrupt"]);
  }, 30_000);

  test("while stacks are planned, nothing is applied", async () => {
    platform.behave({ "lake plan": { seconds: 60 } });
    const { pid, ended } = platform.start("deploy", "--auto-approve");
    while (platform.calls("plan").length === 0) await setTimeout(20);
    process.kill(pid, "SIGTERM");
    expect((await ended).exitCode).toBe(130);
    expect(platform.applied()).toEqual([]);
  });
});

describe("destroy", () => {
  test("goes in the reverse order, ends, and the second run has nothing to destroy", async () => {
    await deploy();
    platform.forget();
    const { exitCode, output } = await destroy();
    expect(exitCode).toBe(0);
    expect(platform.applied()).toHaveLength(10);
    for (const [stack, needed] of Object.entries(stacks))
      for (const one of needed) expect([stack, one, before(stack, one)]).toEqual([stack, one, true]);
    expect(output).toContain("\nDestroyed: jobs, ");
    expect(platform.existing()).toEqual([]);
    platform.forget();
    expect(await destroy()).toMatchObject({ exitCode: 0 });
    expect(platform.applied()).toEqual([]);
  });

  test("a stack that fails keeps what it depends on; the same command continues", async () => {
    await deploy();
    platform.behave({ "warehouse apply": { fails: "deletion_protection" } });
    const { exitCode, output } = await destroy();
    expect(exitCode).toBe(1);
    expect(output).toContain("Not started: lake: warehouse failed\n");
    expect(output).toContain("Not started: base: warehouse failed\n");
    expect(Object.keys(platform.states()).sort()).toEqual(["base", "lake", "warehouse"]);
    platform.behave({});
    expect((await destroy()).exitCode).toBe(0);
    expect(platform.existing()).toEqual([]);
  });

  test("of some stacks each command of the guide ends", async () => {
    await deploy();
    expect(await destroy("--stack", "jobs", "warehouse")).toMatchObject({ exitCode: 0 });
    expect(platform.existing().sort()).toEqual(["base", "lake", "net"]);
    expect(await destroy("--stack", "lake", "net")).toMatchObject({ exitCode: 0 });
    expect(platform.existing()).toEqual(["base"]);
  });

  test("is refused while stacks that depend on the chosen ones exist", async () => {
    await deploy();
    const { exitCode, output } = await destroy("--stack", "lake", "warehouse");
    expect(exitCode).toBe(1);
    expect(output).toContain(
      "Nothing was destroyed: jobs (1 resource) still exist and depend on warehouse, lake. Destroy them first, or together",
    );
    expect(platform.existing()).toHaveLength(5);
  });

  test("keeps the stack that holds the bucket of its state, unless it is named", async () => {
    const holder = { resource: { google_storage_bucket: { state: { name: "b" } } } };
    const backend = { terraform: { backend: { gcs: { bucket: "b" } } } };
    platform.project.stack("base", { ...holder, ...backend });
    await deploy();
    const { exitCode, output } = await destroy();
    expect(exitCode).toBe(0);
    expect(output).toContain("base is kept: it holds the bucket of the state.");
    expect(platform.existing()).toEqual(["base"]);
    expect(await destroy("--stack", "base", "--migrate-state")).toMatchObject({ exitCode: 0 });
    expect(platform.existing()).toEqual([]);
    expect(platform.calls("init").at(-1)?.args).toContain("-migrate-state -force-copy");
  });
});

describe("the choice of stacks", () => {
  test("--stack and --except choose; their order is kept past stacks that are left out", async () => {
    platform.behave({ "lake apply": { seconds: 0.3 } });
    expect((await deploy("--except", "base", "warehouse")).exitCode).toBe(0);
    expect(platform.existing().sort()).toEqual(["jobs", "lake", "net"]);
    expect(before("lake", "jobs")).toBe(true);
  });

  test("a stack that does not exist is named with those that do", async () => {
    const { exitCode, output } = await deploy("--stack", "lak");
    expect(exitCode).toBe(1);
    expect(output).toBe('stack "lak" does not exist; available stacks: base, lake, warehouse, net, jobs\n');
  });
});

describe("approval", () => {
  test("without a terminal and --auto-approve, one sentence and nothing else", async () => {
    const { exitCode, output } = await platform.run("deploy");
    expect(exitCode).toBe(1);
    expect(output).toMatch(/^There is no terminal [^\n]+\n$/);
    expect(platform.calls()).toEqual([]);
  });

  test.each([
    ["yes", 0],
    ["y", 1],
    ["", 1],
  ])("at a terminal, the answer %p ends with %p", async (answer, exitCode) => {
    const script = `import os, pty, sys
answer = sys.argv[1].encode() + b"\\n"
asked = []
def read(fd):
    data = os.read(fd, 4096)
    if b'accepted: ' in data and not asked:
        asked.append(1)
        os.write(fd, answer)
    return data
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[2:], read)))`;
    const program = [
      process.execPath,
      join(__dirname, "../../dist/deploy-main.cjs"),
      "deploy",
      "--stack",
      "base",
    ];
    const ended = await platform.startProgram("python3", ["-c", script, answer, ...program]).ended;
    expect(ended.output).toMatch(/base\s+1 to create\s+Deploy these changes\? Only "yes" is accepted: /);
    expect(ended.exitCode).toBe(exitCode);
    expect(platform.existing()).toEqual(answer === "yes" ? ["base"] : []);
  });

  test.each(["0", "-1", "x"])("--parallelism %s is refused", async (value) => {
    const { exitCode, output } = await deploy(`--parallelism=${value}`);
    expect(exitCode).toBe(1);
    expect(output).toContain("must be a whole number");
  });
});

test("an app that cannot be synthesized is told in its own words, and an earlier synthesis is not deployed", async () => {
  await deploy();
  platform.forget();
  const { exitCode, output } = await deploy("--env", "typo");
  expect({ exitCode, output }).toEqual({
    exitCode: 1,
    output: 'PLATFORM_ENV is "typo"; there are dev, prod\n',
  });
  expect(platform.applied()).toEqual([]);
});

test("plans, which hold secrets in clear, are removed", async () => {
  platform.behave({ "lake apply": { fails: "x" } });
  await deploy();
  for (const stack of Object.keys(stacks)) {
    const folder = join(platform.project.folder, "cdktf.out/stacks", stack);
    expect(existsSync(folder)).toBe(true);
    expect(readdirSync(folder).filter((name) => /plan/.test(name))).toEqual([]);
  }
});
