import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod/mini";

/** A project with two data sets and two environments of which one each is broken. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "broken-"));
  for (const room of ["dataset", "errors", "config", "catalog"])
    cpSync(room, join(folder, room), {
      recursive: true,
      filter: (path) => !/^(catalog|config)\/(?!index)\w+\.ts$/.test(path),
    });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "catalog"), { recursive: true });
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
  };
  write(
    "catalog/taxi_zones.ts",
    readFileSync("tour/catalog/taxi_zones.ts", "utf8").replace("../../dataset", "../dataset"),
  );
  write(
    "catalog/orders.ts",
    'import { defineDataset } from "../dataset";\n\nexport default defineDataset({ id: ;\n',
  );
  write("catalog/visits.ts", 'import { absent } from "./absent";\n\nexport default absent;\n');
  write("config/dev.ts", 'export default { name: "dev" };\n');
  write("config/prod.ts", "export default {\n  name: prod\n  region\n};\n");
  write(
    "main.ts",
    `import { loadCatalog, readCatalog } from "./catalog";
     import { loadEnvironment } from "./config";
     const said = (work: () => unknown) => { try { return work(); } catch (error) { return String(error); } };
     const { values, broken } = readCatalog();
     console.log(JSON.stringify({
       values: [...values.keys()],
       broken: [...broken].map(([, error]) => error.message),
       all: said(loadCatalog),
       prod: said(() => loadEnvironment("prod")),
       dev: said(() => loadEnvironment("dev")),
     }));`,
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("a broken file in catalog/ or config/ stops only what needs it, with one line for its file and position", () => {
  const outfile = join(folder, "dist/main.cjs");
  execFileSync(process.execPath, ["scripts/bundle.mjs", "main.ts", outfile, folder]);
  const { values, broken, all, prod, dev } = shape.parse(
    JSON.parse(execFileSync(process.execPath, [outfile], { encoding: "utf8" })),
  );
  expect(values).toEqual(["taxi_zones"]);
  expect(broken).toEqual([
    'catalog/orders.ts:3:36: Unexpected ";"',
    'catalog/visits.ts:1:24: Could not resolve "./absent"',
  ]);
  expect(all).toMatch(/^ConfigurationError: catalog: 2 faults\n {2}- catalog\/orders\.ts:3:36: /);
  expect(prod).toBe('Error: config/prod.ts:3:3: Expected "}" but found "region"');
  // It is read, and its values are checked.
  expect(dev).toMatch(/^ConfigurationError: config\/dev\.ts: \d+ faults\n {2}- project: is missing/);
});

const shape = z.object({
  values: z.array(z.string()),
  broken: z.array(z.string()),
  all: z.string(),
  prod: z.string(),
  dev: z.string(),
});

test("a broken file elsewhere stops the command, with one line for its file and position", () => {
  writeFileSync(join(folder, "other.ts"), "const = 1;\n");
  const { status, stderr } = spawnSync(
    process.execPath,
    ["scripts/bundle.mjs", "other.ts", join(folder, "dist/other.cjs"), folder],
    { encoding: "utf8" },
  );
  expect(stderr).toBe('other.ts:1:7: Expected identifier but found "="\n');
  expect(status).toBe(1);
});
