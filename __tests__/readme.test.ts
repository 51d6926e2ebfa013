import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { defineDataset } from "../catalog/spec";
import orders from "../docs/examples/orders";

const root = join(__dirname, "..");
const text = (file: string) => readFileSync(join(root, file), "utf8");
const readme = text("README.md");

test("the README's data set is the example that is checked here", () => {
  const example = text("docs/examples/orders.ts").replace("../../catalog/spec", "./spec");
  expect(readme).toContain(example);
  expect(orders.id).toBe("orders");
});

test("the README quotes the message that a faulty specification gets", () => {
  const faulty = () => defineDataset({ ...orders, schedule: { cron: "0 25 2 * *" }, cluster: ["placed"] });
  let message = "";
  try {
    faulty();
  } catch (error) {
    message = String(error).replace("SpecError: ", "");
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
    const named = [...text(page).matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name ?? "");
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    const links = [...text(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target ?? "");
    for (const link of links) expect(statSync(join(root, dirname(page), link)).isFile()).toBe(true);
  }
});
