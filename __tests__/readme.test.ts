import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { defineDataset } from "../dataset";
import orders from "../docs/examples/orders";
import { synthesized } from "../scripts/synthesized";
import { loadCatalog } from "./fixtures/catalog";
import { environments } from "./fixtures/config";

const root = join(__dirname, "..");
const text = (file: string) => readFileSync(join(root, file), "utf8");
const readme = text("README.md");

test("README shows the data set of docs/examples/orders.ts", () => {
  const example = text("docs/examples/orders.ts").replace("../../dataset", "../dataset");
  expect(readme).toContain(example);
  expect(orders.id).toBe("orders");
});

test("README quotes the message for a specification with faults", () => {
  const faulty = () => defineDataset({ ...orders, schedule: { cron: "0 25 2 * *" }, cluster: ["placed"] });
  let message = "";
  try {
    faulty();
  } catch (error) {
    message = String(error).replace("ConfigurationError: ", "");
  }
  expect(message).not.toBe("");
  expect(readme).toContain(message);
});

test("README and docs refer only to npm scripts and files that exist", () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(text("package.json")));
  const pages = [
    "README.md",
    ...readdirSync(join(root, "docs"))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`),
  ];
  for (const page of pages) {
    const named = [...text(page).matchAll(/npm run ([a-z:-]+)/g)].map(([, name]) => name ?? "");
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    const links = [...text(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target ?? "");
    for (const link of links) expect(statSync(join(root, dirname(page), link)).isFile()).toBe(true);
  }
});

test.each(["README.md", "constructs/README.md"])(
  "the constructs in %s are used as in the example that a test synthesizes from the package",
  (page) => {
    const [, ...example] = text("docs/examples/constructs-alone.ts").split("\n");
    expect(text(page)).toContain(example.join("\n").replace("../../constructs", "tributary-constructs"));
  },
);

test("README has the number of resources of the stacks", () => {
  const stacks = environments.flatMap((environment) => [
    ...synthesized({ environment, catalog: loadCatalog() }),
  ]);
  const count = (resource: Record<string, object>) =>
    Object.values(resource).reduce((sum, named) => sum + Object.keys(named).length, 0);
  const rows = [...readme.matchAll(/^\| (\w+) +\| .* \| (off|\d+) +\| (off|\d+) +\|$/gm)];
  const documented = rows.flatMap(([, name, dev, prod]) => [
    `dev-${name ?? ""}: ${dev ?? ""}`,
    `prod-${name ?? ""}: ${prod ?? ""}`,
  ]);
  expect(documented.filter((line) => !line.endsWith("off")).sort()).toEqual(
    stacks.map(([stack, { resource }]) => `${stack}: ${count(resource)}`).sort(),
  );
});

test("README lists the rooms of docs/architecture.md", () => {
  const rooms = (page: string) => [...page.matchAll(/^\| (`[^|]+?`) +\| .+ \|$/gm)].map(([, name]) => name);
  const [, table = ""] = readme.split("## Where things are");
  expect(rooms(table).filter((name) => name !== "`docs/`")).toEqual(rooms(text("docs/architecture.md")));
});
