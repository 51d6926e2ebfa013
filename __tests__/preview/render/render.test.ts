import Ajv from "ajv";
import schema from "../../../preview/report.schema.json";
import { diffReport, previewReport } from "../../../preview/preview";
import { html } from "../../../preview/render/html/html";
import { json } from "../../../preview/render/json";
import { commentBudget, markdown, summary, summaryBudget } from "../../../preview/render/markdown/markdown";
import { sarif } from "../../../preview/render/sarif";
import { largePlan } from "../support/large-plan";
import { create, keep, planJson, remove, replace, reportOf, update } from "../support/plan-json";
import { app, bucket, dataset, instance, table } from "../support/small-app";

describe("the JSON of a report matches its schema:", () => {
  const validate = new Ajv({ allErrors: true }).compile(schema);
  test.each([
    [
      "a diff",
      () => diffReport({ base: app(), head: app({ bucket: "other-lake", dataSets: ["zones", "orders"] }) }),
    ],
    ["a removed stack", () => diffReport({ base: app(), head: app({ without: "prod-lake" }) })],
    [
      "losses",
      () =>
        reportOf([
          replace("google_bigquery_dataset.raw", dataset, { location: "b" }),
          keep("google_bigquery_table.t", table),
        ]),
    ],
    [
      "access",
      () =>
        reportOf([
          create("google_project_iam_member.m", {
            project: "p",
            role: "roles/owner",
            member: "user:a@example.com",
          }),
        ]),
    ],
    [
      "a cost",
      () =>
        reportOf([
          remove("google_sql_database_instance.i", instance),
          create("google_redis_instance.r", { name: "r" }),
        ]),
    ],
    ["an empty report", () => reportOf([])],
  ])("%s", (_name, make) => {
    expect([validate(JSON.parse(json(make()))), validate.errors]).toEqual([true, null]);
  });
});

describe("the budget of a comment", () => {
  const { content, grave, secrets } = largePlan(5_000);
  const report = previewReport({ plans: [{ stack: "prod", content }], truth: "state" });

  test("is kept for 5,000 changes, with all severe changes", () => {
    const text = markdown(report);
    expect(text.length).toBeLessThanOrEqual(commentBudget);
    expect(grave.filter((address) => !text.includes(address))).toEqual([]);
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });

  test("is larger for a job summary", () => {
    const text = summary(report);
    expect(text.length).toBeGreaterThan(commentBudget);
    expect(text.length).toBeLessThanOrEqual(summaryBudget);
  });

  test.each([40_000, 20_000, 5_000, 1_000])("of %i characters is kept, with the verdict first", (budget) => {
    const text = markdown(report, budget);
    expect(text.length).toBeLessThanOrEqual(budget);
    expect(text).toMatch(/^## Plan preview\n\n\*\*Guard failed: 520 resources lose data/);
  });

  test("is not exceeded by one long value", () => {
    const text = markdown(
      reportOf([
        create("google_workflows_workflow.a", {
          name: "a",
          source_contents: `x: "${"0123456789".repeat(20_000)}"`,
        }),
        create("google_storage_bucket_iam_member.z", {
          bucket: "z",
          role: "roles/storage.admin",
          member: "allAuthenticatedUsers",
        }),
      ]),
    );
    expect(text.length).toBeLessThan(5_000);
    expect(text.indexOf("allAuthenticatedUsers")).toBeLessThan(2_000);
  });
});

test("HTML contains the graph as a drawing and as a list", () => {
  const report = diffReport({ base: app(), head: app({ dataSets: ["zones", "orders"] }) });
  const page = html(report, { script: "", style: "" });
  expect(page.match(/<g class="node create">/g)).toHaveLength(4);
  expect(page.match(/<g class="node same">/g)).toHaveLength(1);
  expect(page.match(/<path class="arrow"/g)).toHaveLength(2);
  expect(page).toContain("<code>prod-warehouse/orders</code> depends on <code>prod-warehouse/raw</code>");
  expect(html(reportOf([create("a_b.c", { x: 1 })]), { script: "", style: "" })).not.toContain("<svg");
});

test("the report does not depend on the order of resources", () => {
  const entries = [
    update("google_storage_bucket.a", bucket, { labels: { x: "y" } }),
    create("google_pubsub_topic.t", { name: "t" }),
    remove("google_bigquery_table.t", table),
  ];
  expect(json(reportOf([...entries].reverse()))).toBe(json(reportOf(entries)));
});

test("SARIF contains the line of code and the file that causes a change", () => {
  const report = previewReport({
    plans: [{ stack: "prod", content: planJson([remove("google_storage_bucket.b", bucket)]) }],
    truth: "state",
    sources: [
      {
        stack: "prod",
        address: "google_storage_bucket.b",
        frames: ["constructs/storage-bucket.ts:49", "stacks/lake.ts:31"],
      },
    ],
    causes: [
      { files: ["config/prod.ts"], resources: [{ stack: "prod", address: "google_storage_bucket.b" }] },
    ],
  });
  const { runs } = JSON.parse(sarif(report)) as {
    runs: { results: { ruleId: string; locations: object[] }[] }[];
  };
  const found = Object.fromEntries(
    (runs[0]?.results ?? []).map(({ ruleId, locations }) => [ruleId, JSON.stringify(locations)]),
  );
  expect(found["data-lost"]).toContain('"uri":"constructs/storage-bucket.ts"');
  expect(found["data-lost"]).toContain('"startLine":49');
  expect(found["cause"]).toContain('"uri":"config/prod.ts"');
});

test("Markdown contains causes and source locations", () => {
  const entry = update("google_storage_bucket.b", bucket, { location: "EU" });
  const text = markdown(
    reportOf([entry, create("google_pubsub_topic.t", { name: "t" })], {
      causes: [{ files: ["config/prod.ts"], resources: [{ stack: "prod-lake", address: entry.address }] }],
      sources: [
        {
          stack: "prod-lake",
          address: entry.address,
          frames: ["constructs/storage-bucket.ts:49", "stacks/lake.ts:31"],
        },
      ],
    }),
  );
  expect(text).toContain("**Because of `config/prod.ts`**: 1 change");
  expect(text).toContain("`constructs/storage-bucket.ts:49` <- `stacks/lake.ts:31`");
});
