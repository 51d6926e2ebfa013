import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findActionlint, installActionlint } from "../../checks/actionlint/install";
import { cache } from "../../programs/cache";
import { testUnless } from "../support/unless";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "actionlint-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const check = (...files: string[]) =>
  spawnSync(process.execPath, ["scripts/run.mjs", "checks/actionlint/main.ts", ...files], {
    encoding: "utf8",
  });
const missing =
  findActionlint(cache).kind === "missing" ? "actionlint is not installed: npm run actionlint" : undefined;

testUnless(missing)("the workflows have no findings, and a wrong one has", () => {
  expect(check()).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/preview-fork\.yml: ok\n[^]*\n4 passed, 0 failed, 0 skipped\n$/) as string,
  });
  const wrong = join(folder, "wrong.yml");
  writeFileSync(
    wrong,
    "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ github.evnt.x }}\n",
  );
  const { status, stdout } = check(wrong);
  expect(status).toBe(1);
  expect(stdout).toContain('property "evnt" is not defined');
  expect(stdout).toMatch(/\n0 passed, 1 failed, 0 skipped\n$/);
});

test("installActionlint without Go returns the reason", async () => {
  expect(await installActionlint(folder, "no-go")).toEqual({
    kind: "missing",
    title: "actionlint 1.7.12",
    reason: "no-go is not installed: https://go.dev/dl",
  });
});
