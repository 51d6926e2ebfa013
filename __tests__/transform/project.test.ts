import { readFileSync } from "node:fs";
import { parse } from "yaml";
import * as z from "zod/mini";
import { defineDataset } from "../../dataset";
import { dbtSources } from "../../scripts/dbt-sources";
import { dbtPackages } from "../../transform/driver/environment";
import { projectDigest, projectFiles, sourcesFile } from "../../transform/driver/project";

test("a new data set is a source at once, with descriptions, not_null and freshness", () => {
  const orders = defineDataset({
    id: "orders",
    description: "Orders: one row per order.",
    source: { url: "https://example.com/{period}.csv", format: "csv" },
    grain: "day",
    firstPeriod: "2024-01-01",
    schedule: { cron: "0 6 * * *" },
    columns: [
      { name: "id", type: "INTEGER", mode: "REQUIRED", description: 'Number, or "#" if none: see docs.' },
      { name: "amount", type: "NUMERIC", description: "Total in euros." },
    ],
  });
  expect(parse(dbtSources(new Map([["orders", orders]])))).toMatchObject({
    sources: [
      {
        name: "raw",
        tables: [
          {
            name: "orders",
            description: orders.description,
            // Yesterday's is complete by tomorrow morning, the latest.
            config: { freshness: { error_after: { count: 4, period: "day" } } },
            columns: [
              { name: "id", description: 'Number, or "#" if none: see docs.', data_tests: ["not_null"] },
              { name: "amount", description: "Total in euros." },
              { name: "_period", data_tests: ["not_null"] },
            ],
          },
        ],
      },
    ],
  });
});

const locked = (file: string, name: string) =>
  new RegExp(`^${name}==(\\S+) \\\\$`, "m").exec(
    readFileSync(`transform/requirements/${file}.txt`, "utf8"),
  )?.[1];

test("dbt and the ingest program open the same file with the same version of DuckDB", () => {
  const { dependencies } = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync("package.json", "utf8")));
  expect(locked("laptop", "duckdb")).toBe(dependencies["@duckdb/node-api"]?.split("-")[0]);
});

test("the laptop and the cloud run the same version of dbt", () => {
  expect(locked("laptop", "dbt-core")).toBe(locked("cloud", "dbt-core"));
  expect(dbtPackages.title).toBe(`dbt ${locked("laptop", "dbt-core") ?? ""}`);
});

test.each(["laptop", "cloud"])("every package of %s is locked with hashes", (file) => {
  const lines = readFileSync(`transform/requirements/${file}.txt`, "utf8").trim().split("\n");
  const packages = lines.flatMap((line, index) => (/^\S/.test(line) ? [index] : []));
  for (const index of packages) {
    expect(lines[index]).toMatch(/^[a-z0-9._-]+==[\w.]+( ; .+)? \\$/);
    expect(lines[index + 1]).toMatch(/^ {4}--hash=sha256:[0-9a-f]{64}/);
  }
});

test("every model and column is described", () => {
  const described = new Set(
    projectFiles()
      .filter(({ path }) => path.endsWith(".yml") && path.includes("models") && path !== sourcesFile)
      .filter(({ path }) => !path.endsWith("unit_tests.yml"))
      .flatMap(({ text }) => models.parse(parse(text)).models.map(({ name }) => name)),
  );
  const names = projectFiles().flatMap(({ path }) => /models\/.*\/(\w+)\.sql$/.exec(path)?.[1] ?? []);
  expect(names.filter((name) => !described.has(name))).toEqual([]);
});

const models = z.object({ models: z.array(z.looseObject({ name: z.string(), description: z.string() })) });

test("the digest changes with a model or macro, but not with a description", () => {
  const files = ["models/core/fact_trips.sql", "models/core/core.yml", "macros/trip_key.sql"].map((name) => ({
    path: `transform/${name}`,
    text: name,
  }));
  const changed = (part: string) =>
    projectDigest(
      files.map((file) => (file.path.endsWith(part) ? { ...file, text: `${file.text} ` } : file)),
    );
  expect(changed("core/fact_trips.sql")).not.toBe(projectDigest(files));
  expect(changed("macros/trip_key.sql")).not.toBe(projectDigest(files));
  expect(changed("core/core.yml")).toBe(projectDigest(files));
});
