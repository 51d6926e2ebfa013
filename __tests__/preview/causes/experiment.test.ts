import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCauses } from "../../../preview/causes/experiment";
import { synthesize } from "../../../preview/synthesis/synthesize";
import { parseJson } from "../../../preview/plan/parse-json";
import { stackFolders } from "../../../terraform/stack-folder";
import { dataStack, SmallProject } from "../support/project";

let place: string;
let base: SmallProject;
let head: SmallProject;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "causes-"));
  const stacks = { lake: dataStack({ bucket: 1, grant: 2 }), warehouse: dataStack({ table: 1 }) };
  [base, head] = [new SmallProject(stacks), new SmallProject(stacks)];
});
afterEach(() => {
  for (const project of [base, head]) project.remove();
  rmSync(place, { recursive: true });
});

async function causes() {
  const sides = await Promise.all(
    [base, head].map(async (project, index) => {
      const outdir = join(place, `out-${index}`);
      await synthesize({ project: project.folder, outdir });
      return { project: project.folder, stacks: stackFolders(outdir, parseJson) };
    }),
  );
  const [one, other] = sides;
  if (one === undefined || other === undefined) throw new Error("two sides");
  return findCauses({ base: one, head: other, place: join(place, "experiments") });
}

test("identical projects have no causes", async () => {
  expect(await causes()).toEqual([]);
});

test("files without effect are not causes", async () => {
  head.write("README.md", "new");
  // node_modules can be a link to a folder.
  symlinkSync(base.folder, join(head.folder, "node_modules"));
  head.commit();
  head.stack("lake", dataStack({ bucket: 1, grant: 3 }));
  expect(await causes()).toEqual([
    { files: ["stacks/lake.json"], resources: [{ stack: "lake", address: "terraform_data.grant" }] },
  ]);
});

test("new, changed and removed files are causes", async () => {
  head.stack("lake", dataStack({ bucket: 1 }));
  head.removeFile("stacks/warehouse.json");
  head.stack("orders", dataStack({ table: 1 }));
  expect(await causes()).toEqual([
    { files: ["stacks/lake.json"], resources: [{ stack: "lake", address: "terraform_data.grant" }] },
    { files: ["stacks/orders.json"], resources: [{ stack: "orders", address: "terraform_data.table" }] },
    {
      files: ["stacks/warehouse.json"],
      resources: [{ stack: "warehouse", address: "terraform_data.table" }],
    },
  ]);
});

test("a change of a provider block is the cause for all resources of the stack", async () => {
  head.stack("lake", {
    ...dataStack({ bucket: 1, grant: 2 }),
    provider: { x: [{ default_labels: { a: "b" } }] },
  });
  expect(await causes()).toMatchObject([{ files: ["stacks/lake.json"], resources: [{}, {}] }]);
});

test("numbers are compared by their digits", async () => {
  const stack = (n: string) => JSON.stringify(dataStack({ table: "N" })).replace('"N"', n);
  base.write("stacks/warehouse.json", stack("9007199254740992"));
  head.write("stacks/warehouse.json", stack("9007199254740993"));
  // The app must not parse the numbers either.
  for (const project of [base, head]) project.write("app.cjs", appThatCopies);
  expect(await causes()).toMatchObject([{ files: ["stacks/warehouse.json"] }]);
});

test("files that are invalid without each other do not hide other causes", async () => {
  const app = (version: number) => `
    if (require("./version.cjs") !== ${version}) { console.error("versions differ"); process.exit(1); }
    ${appThatCopies}`;
  for (const [project, version] of [
    [base, 1],
    [head, 2],
  ] as const) {
    project.write("app.cjs", app(version));
    project.write("version.cjs", `module.exports = ${version}`);
  }
  head.write("stacks/lake.json", JSON.stringify(dataStack({ bucket: 5, grant: 2 })));
  expect(await causes()).toEqual([
    { files: ["stacks/lake.json"], resources: [{ stack: "lake", address: "terraform_data.bucket" }] },
  ]);
});

const appThatCopies = `
  const { cpSync, mkdirSync, readdirSync, writeFileSync } = require("node:fs");
  const out = process.env.CDKTF_OUTDIR;
  const stacks = {};
  for (const file of readdirSync("stacks")) {
    const name = file.replace(".json", "");
    mkdirSync(out + "/stacks/" + name, { recursive: true });
    cpSync("stacks/" + file, out + "/stacks/" + name + "/cdk.tf.json");
    stacks[name] = { name, workingDirectory: "stacks/" + name, dependencies: [] };
  }
  writeFileSync(out + "/manifest.json", JSON.stringify({ stacks }));
`;
