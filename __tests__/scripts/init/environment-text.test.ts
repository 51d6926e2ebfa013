import { readFileSync } from "node:fs";
import {
  type Answers,
  filledIn,
  filledInText,
  sections,
  without,
} from "../../../scripts/init/environment-text";
import { loadEnvironment } from "../../fixtures/config";
import { environmentFindings } from "../../../config/settings/findings";

const textOf = (name: string) => readFileSync(`__tests__/fixtures/config/${name}.ts`, "utf8");
const answers: Answers = {
  project: "acme-data",
  number: "471100000001",
  region: "europe-west1",
  email: "data@acme.dev",
  without: [],
};

test("an environment is filled in: only its images remain to be built", () => {
  const dev = loadEnvironment("dev");
  const text = filledInText(textOf("dev"), dev, answers);
  expect(text).not.toMatch(/replace-me|europe-west6|example\.com/);
  expect(text).toContain('"europe-west1-docker.pkg.dev/acme-data/dev-images/ingest"');
  expect(text.split("\n")).toHaveLength(textOf("dev").split("\n").length);
  expect(environmentFindings(filledIn(dev, answers)).map((finding) => finding.split(":")[0])).toEqual([
    ...["ingestion.image", "transformation.image"],
  ]);
});

test("a new environment is a copy with its name", () => {
  const text = filledInText(textOf("dev"), loadEnvironment("dev"), answers, "stage");
  expect(text).toContain('const stage: Environment = {\n  name: "stage",');
  expect(text).toContain("acme-data/stage-images/ingest");
  expect(text).toContain("export default stage;");
});

test.each(sections)("the section %s is removed, with the comment above it, and nothing else", (section) => {
  const before = textOf("prod").split("\n");
  const after = without(textOf("prod"), [section]).split("\n");
  const removed = before.filter(
    (line) => !after.includes(line) || line.trim() === "}," || line.includes("cpu:"),
  );
  expect(after.filter((line) => line.startsWith(`  ${section}:`))).toEqual([]);
  expect(removed.some((line) => line.startsWith(`  ${section}:`))).toBe(true);
  const top = (lines: readonly string[]) => lines.flatMap((line) => /^ {2}(\w+): /.exec(line)?.[1] ?? []);
  expect(top(after)).toEqual(top(before).filter((name) => name !== section));
  expect(after.join("\n")).not.toMatch(/An example of both ways[^\n]*\n {2}audit/);
});
