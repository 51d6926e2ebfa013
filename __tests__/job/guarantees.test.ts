/** Each guarantee of docs/ingest.md has a test with its number and name. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const project = join(__dirname, "../..");
const text = readFileSync(join(project, "docs/ingest.md"), "utf8");
const guarantees = [...text.matchAll(/^(\d+)\. \*\*(.+?)\*\*/gms)].map(([, number = "", name = ""]) => ({
  number,
  name: name.replace(/\s+/g, " ").replace(/[.`]/g, ""),
}));
const tests = readdirSync(__dirname, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.(test|slow)\.ts$/.test(file))
  .map((file) => readFileSync(join(__dirname, file), "utf8"))
  .join("\n");

test("the guarantees of docs/ingest.md are numbered consecutively", () => {
  expect(guarantees.map(({ number }) => Number(number))).toEqual(guarantees.map((_, index) => index + 1));
  expect(guarantees.length).toBeGreaterThan(15);
});

test.each(guarantees)("guarantee $number of docs/ingest.md has a test: $name", ({ number, name }) => {
  const title = `guarantee ${number}: ${name}`;
  const titles =
    tests.match(new RegExp(`(test|describe|\\]\\))\\(\\s*["'\`]guarantee ${number}: [^"\`]*`, "g")) ?? [];
  expect(titles.map((found) => found.slice(found.indexOf("guarantee")))).toEqual(
    expect.arrayContaining([expect.stringContaining(title)]),
  );
});
