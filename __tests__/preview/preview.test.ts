import { diffReport, previewReport } from "../../preview/preview";
import { markdown } from "../../preview/render/markdown/markdown";
import { create, keep, planJson, remove, reportOf, update } from "./support/plan-json";
import { app, bucket } from "./support/small-app";

describe("the verdict", () => {
  test("without changes is none", () => {
    const report = reportOf([keep("google_storage_bucket.b", bucket)]);
    expect([report.verdict, report.headline]).toEqual(["none", "No changes"]);
  });

  test.each([
    ["a move", [keep("a_b.new", { x: 1 }, { previous: "a_b.old" })], {}],
    ["an import", [keep("a_b.c", { x: 1 }, { importing: "id" })], {}],
    ["a forgotten resource", [remove("a_b.c", { x: 1 }, { actions: ["forget"] })], {}],
    ["an output", [], { output_changes: { o: { actions: ["update"], before: 1, after: 2 } } }],
    [
      "a nested output, as in the documentation of Terraform",
      [],
      { output_changes: { o: { change: { actions: ["update"], before: 1, after: 2 } } } },
    ],
    ["an action that Terraform invokes", [], { action_invocations: [{ address: "action.a_b.c" }] }],
    ["a partial plan", [], { complete: false }],
    ["deferred changes", [], { deferred_changes: [{}] }],
  ])("for %s is changed, and the preview does not contain no changes", (_name, entries, document) => {
    const report = reportOf(entries, {}, document);
    expect(report.verdict).toBe("changed");
    expect(markdown(report)).not.toMatch(/no changes/i);
  });

  test("for a failed check alone is none, with a warning, unless checks are strict", () => {
    const document = {
      checks: [
        {
          address: { to_display: "check.c" },
          status: "fail",
          instances: [{ problems: [{ message: "broken" }] }],
        },
      ],
    };
    const report = reportOf([], {}, document);
    expect(report.verdict).toBe("none");
    expect(report.headline).toContain("but 1 check fails");
    expect(report.warnings).toEqual(["Check failed in prod-lake: check.c: broken"]);
    expect(reportOf([], { strictChecks: true }, document).verdict).toBe("changed");
  });

  test("for a failed plan is error, with the reason from the log", () => {
    const log =
      '{"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"Instance cannot be destroyed","address":"a_b.c"}}';
    const report = previewReport({
      plans: [{ stack: "s", content: planJson([], { errored: true }), log }],
      truth: "state",
    });
    expect(report.verdict).toBe("error");
    expect(report.stacks[0]?.detail).toBe("a_b.c: Instance cannot be destroyed");
  });
});

describe("stacks", () => {
  test("that are blocked show the changes of their JSON", () => {
    const report = previewReport({
      plans: [{ stack: "prod-ingestion", blockedBy: "prod-warehouse" }],
      base: app({ dataSets: ["zones"] }),
      head: app({ dataSets: ["zones", "orders"] }),
      truth: "state",
    });
    const status = Object.fromEntries(
      report.stacks.map((stack) => [stack.name, [stack.status, stack.counts.create]]),
    );
    expect(status).toEqual({ "prod-warehouse": ["unplanned", 2], "prod-ingestion": ["blocked", 2] });
  });

  test("that are gone from head show their resources and deleted dependencies", () => {
    const report = diffReport({
      base: app(),
      head: app({ without: "prod-warehouse", bucket: "other-lake" }),
    });
    const gone = report.stacks.find(({ status }) => status === "gone");
    expect(gone?.detail).toBe(
      "its 3 resources are kept and incur costs, 2 of them contain data; destroy it from base first; it depends on resources that this change deletes: prod-lake",
    );
    expect(report.verdict).toBe("guard");
  });

  test("are in the order of deployment", () => {
    const plans = ["prod-ingestion", "prod-warehouse", "prod-lake"].map((stack) => ({
      stack,
      content: planJson([create("a_b.c", { x: 1 })]),
    }));
    expect(previewReport({ plans, head: app(), truth: "state" }).stacks.map(({ name }) => name)).toEqual([
      "prod-lake",
      "prod-warehouse",
      "prod-ingestion",
    ]);
  });
});

test("the same address in three stacks is three changes", () => {
  const content = planJson([create("google_pubsub_topic.t", { name: "t" })]);
  const report = previewReport({
    plans: ["a", "b", "c"].map((stack) => ({ stack, content })),
    truth: "state",
  });
  expect(report.changes.map(({ stack }) => stack)).toEqual(["a", "b", "c"]);
  expect(report.groups.flatMap(({ members }) => members)).toHaveLength(3);
});

test("every change is in exactly one group", () => {
  const report = diffReport({
    base: app(),
    head: app({ dataSets: ["zones", "orders"], columns: ["currency"], bucket: "other-lake" }),
  });
  const keys = (list: readonly { stack: string; address: string }[]) =>
    list.map(({ stack, address }) => `${stack}/${address}`).sort();
  expect(keys(report.groups.flatMap(({ members }) => members))).toEqual(keys(report.changes));
});

test("38 label changes in eight stacks are one line", () => {
  const plans = Array.from({ length: 8 }, (_, stack) => ({
    stack: `stack-${stack}`,
    content: planJson(
      Array.from({ length: stack < 6 ? 5 : 4 }, (_item, at) =>
        update(
          `google_pubsub_topic.t${at}`,
          { name: `t${at}`, labels: { team: "a" } },
          { labels: { team: "b" } },
        ),
      ),
    ),
  }));
  const text = markdown(previewReport({ plans, truth: "state" }));
  expect(text).toContain("**Labels only**: 38 changes in 8 stacks; ~ `labels.team` `a` -> `b`");
  expect(text.length).toBeLessThan(3_000);
});

test("an unknown price is not 0", () => {
  const { cost } = reportOf([create("google_redis_instance.r", { name: "r" })]);
  expect(cost.rows).toEqual([expect.objectContaining({ before: 0 })]);
  expect(cost.rows[0]).not.toHaveProperty("after");
});
