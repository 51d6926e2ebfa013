/** Each promise of docs/ingest.md has a test of its number and name. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const project = join(__dirname, "../..");
const text = readFileSync(join(project, "docs/ingest.md"), "utf8");
const promises = [...text.matchAll(/^(\d+)\. \*\*(.+?)\*\*/gms)].map(([, number = "", name = ""]) => ({
  number,
  name: name.replace(/\s+/g, " ").replace(/[.`]/g, ""),
}));
const tests = readdirSync(__dirname, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.(test|slow)\.ts$/.test(file))
  .map((file) => readFileSync(join(__dirname, file), "utf8"))
  .join("\n");

test("the promises are numbered without a gap", () => {
  expect(promises.map(({ number }) => Number(number))).toEqual(promises.map((_, index) => index + 1));
  expect(promises.length).toBeGreaterThan(15);
});

test.each(promises)("promise $number has its test: $name", ({ number, name }) => {
  const title = `promise ${number}: ${name}`;
  const said =
    tests.match(new RegExp(`(test|describe|\\]\\))\\(\\s*["'\`]promise ${number}: [^"\`]*`, "g")) ?? [];
  expect(said.map((one) => one.slice(one.indexOf("promise")))).toEqual(
    expect.arrayContaining([expect.stringContaining(title)]),
  );
});
