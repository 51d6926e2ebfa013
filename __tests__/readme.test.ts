import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { defineDataset } from "../dataset";
import orders from "../docs/examples/orders";

const root = join(__dirname, "..");
const text = (file: string) => readFileSync(join(root, file), "utf8");
const readme = text("README.md");

test("the README's data set is the example that is checked here", () => {
  const example = text("docs/examples/orders.ts").replace("../../dataset", "../dataset");
  expect(readme).toContain(example);
  expect(orders.id).toBe("orders");
});

test("the README quotes the message that a faulty specification gets", () => {
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

test("every npm script that README and docs name is there, and every link leads somewhere", () => {
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

test("the README counts the resources that the golden files hold", () => {
  const golden = z.object({ resource: z.record(z.string(), z.record(z.string(), z.unknown())) });
  const count = (stack: string) => {
    const { resource } = golden.parse(JSON.parse(text(`__tests__/golden/${stack}.json`)));
    return Object.values(resource).reduce((sum, named) => sum + Object.keys(named).length, 0);
  };
  const rows = [...readme.matchAll(/^\| (\w+) +\| .* \| (off|\d+) +\| (\d+) +\|$/gm)];
  const said = rows.flatMap(([, name, dev, prod]) => [
    `dev-${name ?? ""}: ${dev ?? ""}`,
    `prod-${name ?? ""}: ${prod ?? ""}`,
  ]);
  const stacks = readdirSync(join(root, "__tests__/golden"))
    .filter((name) => /^(dev|prod)-\w+\.json$/.test(name))
    .map((name) => name.replace(".json", ""));
  expect(said.filter((line) => !line.endsWith("off")).sort()).toEqual(
    stacks.map((stack) => `${stack}: ${count(stack)}`).sort(),
  );
});
