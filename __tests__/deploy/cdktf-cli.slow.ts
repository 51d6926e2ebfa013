import { join } from "node:path";
import { FakeProject } from "./support/project";

/** The command line of cdktf as docs/deploy.md shows it, on the same stacks. */
const stacks = { base: [], lake: ["base"], net: ["base"], jobs: ["lake", "net"] };

let platform: FakeProject;
beforeEach(() => {
  platform = new FakeProject(stacks);
  for (const [name, dependencies] of Object.entries(stacks)) {
    const metadata = { stackName: name, version: "0.21.0", backend: "local" };
    platform.project.stack(name, { dependencies, "//": { metadata } });
  }
});
afterEach(() => {
  platform.remove();
});

const cdktf = (...args: string[]) =>
  platform.startProgram(process.execPath, [
    join(__dirname, "../../node_modules/cdktf-cli/bundle/bin/cdktf.js"),
    ...args,
    "--parallelism",
    "1",
    "--auto-approve",
  ]).ended;

test("with --parallelism 1, deploy keeps the order, a failure ends nothing else, and destroy ends", async () => {
  platform.behave({ "lake apply": { fails: "refused" } });
  expect((await cdktf("deploy", "*")).exitCode).not.toBe(0);
  expect(platform.calls().filter(({ event }) => event === "interrupt")).toEqual([]);
  const started = platform.applied();
  // Whatever was begun has ended.
  expect(started.filter((one) => one.endsWith("start"))).toHaveLength(started.length / 2);
  expect(platform.existing()).not.toContain("jobs");

  platform.behave({});
  expect(await cdktf("deploy", "*")).toMatchObject({ exitCode: 0 });
  expect(platform.existing().sort()).toEqual(["base", "jobs", "lake", "net"]);

  platform.forget();
  const destroyed = await cdktf("destroy", "lake", "net", "--ignore-missing-stack-dependencies");
  expect(destroyed).toMatchObject({ exitCode: 0 });
  const calls = platform.calls("apply", "destroy").filter(({ event }) => event === "start");
  expect(calls.map(({ stack }) => stack).sort()).toEqual(["lake", "net"]);
}, 120_000);
