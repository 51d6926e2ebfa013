/**
 * The files that `npm run golden` writes are those of catalog/ and config/. This is the only test that reads these two
 * folders: whatever they contain, it passes after `npm run golden`.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadCatalog } from "../catalog";
import { loadEnvironments } from "../config";
import { goldenFiles, goldenFolder, permissionsFile, recordsFile } from "../scripts/golden/files";
import { withoutNotes } from "../scripts/golden/render";
import { nextRecords } from "../scripts/records";
import { deployedSchemas, environmentRecords } from "../stacks";

const environments = loadEnvironments();
const catalog = loadCatalog();
const files = goldenFiles({
  environments,
  catalog,
  schemas: deployedSchemas,
  records: nextRecords(environmentRecords, { environments, catalog, accepted: [] }),
});
const committed = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : "");

test.each([...files].filter(([path]) => path.endsWith(".json") && path !== recordsFile))(
  "%s is up to date; to accept a change, run npm run golden",
  (path, text) => {
    // Without metadata of cdktf, which includes its version.
    expect(withoutNotes(JSON.parse(committed(path) || "{}"))).toEqual(withoutNotes(JSON.parse(text)));
  },
);

test.each([...files].filter(([path]) => !path.endsWith(".json")))(
  "%s is up to date; to accept a change, run npm run golden",
  (path, text) => {
    expect(committed(path)).toBe(text);
  },
);

test("the record of what is deployed is up to date, except for stacks that are not deployed yet; to renew it, run npm run golden", () => {
  const wanted = nextRecords(environmentRecords, { environments, catalog, accepted: [] });
  for (const [name, record] of Object.entries(environmentRecords)) {
    expect(wanted[name]?.stacks).toEqual(expect.arrayContaining([...record.stacks]));
    expect(record).toEqual({ ...wanted[name], stacks: record.stacks });
  }
});

test("__tests__/golden has no file of a stack that is gone; to remove it, run npm run golden", () => {
  const names = readdirSync(goldenFolder).filter((name) => name.endsWith(".json"));
  expect(names.filter((name) => !files.has(join(goldenFolder, name)))).toEqual([]);
});

test("docs/permissions.md is that of prod", () => {
  expect(files.has(permissionsFile)).toBe(environments.some(({ name }) => name === "prod"));
});
