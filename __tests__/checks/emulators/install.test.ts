import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFakeGcsServer, installFakeGcsServer } from "../../../checks/emulators/fake-gcs-server";
import { installOnce, lookFor } from "../../../programs/installed";
import { findLocalBigQuery, installLocalBigQuery } from "../../../checks/emulators/local-bigquery";

let cache: string;
beforeEach(() => (cache = mkdtempSync(join(tmpdir(), "tributary-cache-"))));
afterEach(() => {
  rmSync(cache, { recursive: true });
});

test("find functions return how to install a missing emulator", () => {
  for (const found of [findFakeGcsServer(cache), findLocalBigQuery(cache)])
    expect(found).toMatchObject({
      kind: "missing",
      reason: `${found.title} is not installed; run npm run emulators`,
    });
});

test("install functions return the reason without Go or the required version of Python", async () => {
  expect(await installFakeGcsServer(cache, "no-go")).toMatchObject({
    kind: "missing",
    reason: "no-go is not installed: https://go.dev/dl",
  });
  expect(await installLocalBigQuery(cache, ["no-python", process.execPath])).toMatchObject({
    kind: "missing",
    reason: `Python 3.13 is required, and none of no-python, ${process.execPath} is that version: https://www.python.org/downloads`,
  });
  expect(findFakeGcsServer(cache).kind).toBe("missing");
});

test("installOnce restarts an incomplete installation and keeps a complete one", async () => {
  const folder = join(cache, "tool-1.0");
  const tool = { title: "tool 1.0", folder, place: { program: join(folder, "tool") }, installer: "" };
  mkdirSync(folder);
  writeFileSync(join(folder, "half"), "");
  let installs = 0;
  const install = () => {
    installs++;
    expect(existsSync(join(folder, "half"))).toBe(false);
    return Promise.resolve(undefined);
  };
  const there = { kind: "there", title: "tool 1.0", place: tool.place };
  expect(await installOnce(tool, install)).toEqual(there);
  expect(await installOnce(tool, install)).toEqual(there);
  expect(lookFor(tool)).toEqual(there);
  expect(installs).toBe(1);
});
