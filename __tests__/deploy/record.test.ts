import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { FakeProject } from "./support/project";

let platform: FakeProject;
beforeEach(() => {
  platform = new FakeProject({ base: [], lake: ["base"], jobs: ["lake"] });
});
afterEach(() => {
  platform.remove();
});

const path = (file: string) => join(platform.project.folder, file);
const entry = { stacks: [], settings: { region: "europe-west6" } };
/** Makes the app ask for a record, as the platform does. */
const ask = () => {
  const app = readFileSync(path("app.cjs"), "utf8");
  const request = JSON.stringify({ file: "stacks.lock", environment: "dev", record: entry });
  writeFileSync(
    path("app.cjs"),
    `${app}\nwriteFileSync(join(out, "record.json"), ${JSON.stringify(request)});`,
  );
};
const recorded = () =>
  z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path("stacks.lock"), "utf8")));

test("deploy records the stacks that it deployed, and says so once", async () => {
  ask();
  platform.behave({ "lake apply": { fails: "refused" } });
  const failed = await platform.run("deploy", "--auto-approve");
  expect(failed.output).toContain("stacks.lock records what is deployed now: commit it");
  expect(recorded()).toEqual({ dev: { ...entry, stacks: ["base"] } });
  platform.behave({});
  await platform.run("deploy", "--auto-approve");
  expect(recorded()).toEqual({ dev: { ...entry, stacks: ["base", "jobs", "lake"] } });
  expect((await platform.run("deploy", "--auto-approve")).output).not.toContain("stacks.lock");
});

test("destroy removes what it destroyed from the record, and the environment with its last stack", async () => {
  ask();
  writeFileSync(path("stacks.lock"), JSON.stringify({ prod: entry }));
  await platform.run("deploy", "--auto-approve");
  await platform.run("destroy", "--auto-approve", "--stack", "jobs");
  expect(recorded()).toEqual({ dev: { ...entry, stacks: ["base", "lake"] }, prod: entry });
  await platform.run("destroy", "--auto-approve");
  expect(recorded()).toEqual({ prod: entry });
});

test("an app that asks for no record gets none", async () => {
  const { exitCode } = await platform.run("deploy", "--auto-approve");
  expect([exitCode, existsSync(path("stacks.lock"))]).toEqual([0, false]);
});

test("a record that cannot be written does not fail the deployment", async () => {
  ask();
  writeFileSync(path("stacks.lock"), "{");
  const { exitCode, output } = await platform.run("deploy", "--auto-approve");
  expect(exitCode).toBe(0);
  expect(output).toContain("What is deployed was not recorded: ");
});
