import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownProject } from "../checks/own/copy";

/** A copy of the project without taxi trips, with the data set of the README, and with dev filled in. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "own-"));
  ownProject(folder);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs an npm script in the copy, as its user does. */
function npm(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const inherited = { ...process.env, SPECIFICATIONS: "" };
  const { status, stdout, stderr } = spawnSync("npm", ["--silent", ...args], {
    cwd: folder,
    env: { ...inherited, ...env },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const minutes = 60_000;

test("npm run golden says what changed, and then that nothing does", () => {
  const first = npm(["run", "golden"]);
  expect(first.stderr).toBe("");
  expect(first.stdout).toContain(
    "orders: +2 tables, +1 schedule, +1 specification, schema recorded (dev, prod)\n",
  );
  expect(first.stdout).toContain(
    "yellow_tripdata: -2 tables, -1 schedule, -1 specification, schema no longer recorded (dev, prod)\n",
  );
  expect(first.stdout).not.toMatch(/up to date|Nothing has changed/);
  expect(npm(["run", "golden"]).stdout).toMatch(/^Nothing has changed: the \d+ files are as they were\.\n$/);
});

test.each(["dev", "prod"])("npm run synth of %s", (name) => {
  const { status, stdout, stderr } = npm(["run", "synth"], { PLATFORM_ENV: name });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain(`${name}: written to cdktf.out`);
});

test(
  "npm start shows taxi trips, and leaves out their models",
  () => {
    const { status, stdout, stderr } = npm(["start"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("7/7  Preview the pull request that adds catalog/yellow_tripdata.ts");
    expect(stdout).toContain("Changes to review: 4 to create.");
    expect(stdout).toMatch(/sources\.yml has no .*yellow_tripdata|is not installed/);
  },
  3 * minutes,
);

test(
  "the tests that could depend on catalog/ and config/ pass; npm run test:own runs all of them",
  () => {
    const parts = [
      ...["golden.test", "readme", "app.test", "rooms"],
      ...["stacks/synthesis", "dataset/json", "transform/", "scripts/records", "tour/sample"],
    ];
    const { status, stderr } = npm(["test", "--", "--maxWorkers=1", ...parts]);
    expect({ status, failed: stderr.match(/^FAIL .*$/gm) ?? [] }).toEqual({ status: 0, failed: [] });
  },
  10 * minutes,
);
