import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const record = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value);
const lockShape = z.object({
  packages: record(
    z.object({
      resolved: z.string().optional(),
      hasInstallScript: z.boolean().optional(),
      optionalDependencies: record(z.string()).optional(),
    }),
  ),
});
const manifestShape = z.object({
  dependencies: record(z.string()),
  devDependencies: record(z.string()),
  allowScripts: record(z.boolean()),
});

const text = (file: string) => readFileSync(join(__dirname, "..", "..", file), "utf8");
const lock = lockShape.parse(JSON.parse(text("package-lock.json")));
const manifest = manifestShape.parse(JSON.parse(text("package.json")));

test("package-lock.json contains all optional dependencies, for every system", () => {
  const named = Object.values(lock.packages).flatMap((entry) =>
    Object.keys(entry.optionalDependencies ?? {}),
  );
  const missing = named.filter((name) => !(`node_modules/${name}` in lock.packages));
  expect(missing).toEqual([]);
});

test("package-lock.json refers to no registry", () => {
  expect(Object.values(lock.packages).filter((entry) => entry.resolved?.startsWith("http"))).toEqual([]);
});

test("package.json has exact versions", () => {
  const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

test("package.json allows or denies every install script", () => {
  const scripted = Object.entries(lock.packages)
    .filter(([, entry]) => entry.hasInstallScript === true)
    .map(([path]) => path.replace(/^.*node_modules\//, ""));
  expect(scripted.filter((name) => !(name in manifest.allowScripts))).toEqual([]);
});
