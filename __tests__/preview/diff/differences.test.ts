import type { Json, JsonObject } from "../../../preview/json";
import { create, reportOf, update, type Entry } from "../support/plan-json";

const change = (entry: Entry, document: JsonObject = {}) => reportOf([entry], {}, document).changes[0];
const differences = (before: JsonObject, after: JsonObject, more: Partial<Entry> = {}) =>
  change(update("x_y.z", before, after, more))?.differences;
const schema = (...columns: readonly (readonly [string, string, string?])[]) =>
  JSON.stringify(
    columns.map(([name, type, mode = "NULLABLE"]) => ({ name, type, mode, description: `About ${name}.` })),
  );

describe("the differences of a schema", () => {
  test("are added, removed and changed columns", () => {
    expect(
      differences(
        { schema: schema(["a", "STRING"], ["b", "DATE"], ["c", "INTEGER"]) },
        { schema: schema(["a", "STRING"], ["d", "NUMERIC"], ["c", "INTEGER", "REQUIRED"]) },
      ),
    ).toEqual([
      { path: "schema.b", kind: "removed", before: "DATE, nullable", note: "column" },
      {
        path: "schema.c",
        kind: "changed",
        before: "INTEGER, nullable",
        after: "INTEGER, required",
        note: "column",
      },
      { path: "schema.d", kind: "added", after: "NUMERIC, nullable", note: "column" },
    ]);
  });

  test("include nested columns, descriptions and the order", () => {
    const nested = (...fields: string[]) =>
      JSON.stringify([
        {
          name: "r",
          type: "RECORD",
          mode: "REPEATED",
          fields: fields.map((name) => ({ name, type: "STRING" })),
        },
      ]);
    expect(differences({ schema: nested("a") }, { schema: nested("a", "b") })).toContainEqual({
      path: "schema.r.fields.b",
      kind: "added",
      after: "STRING, nullable",
      note: "column",
    });
    const text = schema(["a", "STRING"]);
    expect(differences({ schema: text }, { schema: text.replace("About a.", "About it.") })).toEqual([
      { path: "schema.a.description", kind: "changed", before: "About a.", after: "About it." },
    ]);
    expect(
      differences(
        { schema: schema(["a", "STRING"], ["b", "DATE"]) },
        { schema: schema(["b", "DATE"], ["a", "STRING"]) },
      ),
    ).toEqual([{ path: "schema", kind: "changed", note: "order only" }]);
  });

  test("are only the number of columns for a new table", () => {
    expect(
      change(
        create("google_bigquery_table.t", { table_id: "t", schema: schema(["a", "STRING"], ["b", "DATE"]) }),
      )?.differences,
    ).toContainEqual({ path: "schema", kind: "added", after: "2 columns" });
  });
});

describe("the differences of a text", () => {
  test("with several lines are lines", () => {
    const workflow = (step: string) => `main:\n  - one\n  - ${step}\n  - three\n  - four\n`;
    expect(differences({ source: workflow("two") }, { source: workflow("zwei") })).toEqual([
      { path: "source", kind: "changed", lines: ["   - one", "-  - two", "+  - zwei", "   - three"] },
    ]);
  });

  test("with JSON are those of its values", () => {
    expect(differences({ policy: '{"a": 1, "b": [1, 2]}' }, { policy: '{"b":[1,2],"a":2}' })).toEqual([
      { path: "policy.a", kind: "changed", before: "1", after: "2" },
    ]);
  });

  test("with JSON include numbers beyond 2^53", () => {
    expect(differences({ p: '{"id": 9007199254740992}' }, { p: '{"id": 9007199254740993}' })).toEqual([
      { path: "p.id", kind: "changed", before: "9007199254740992", after: "9007199254740993" },
    ]);
  });

  test("with one long line are the differing part", () => {
    const [found] =
      differences(
        { query: `${"a".repeat(300)}x${"b".repeat(300)}` },
        { query: `${"a".repeat(300)}y${"b".repeat(300)}` },
      ) ?? [];
    expect(found?.before).toBe(`…${"a".repeat(20)}x${"b".repeat(20)}…`);
  });
});

describe("the elements of a list", () => {
  test("are paired by name, or by equality", () => {
    const flags = (...list: [string, string][]) => list.map(([name, value]) => ({ name, value }));
    expect(
      differences(
        { database_flags: flags(["a", "1"], ["b", "2"]) },
        { database_flags: flags(["b", "3"], ["c", "4"]) },
      ),
    ).toEqual([
      { path: "database_flags.a", kind: "removed", before: "{name: a, value: 1}" },
      { path: "database_flags.b.value", kind: "changed", before: "2", after: "3" },
      { path: "database_flags.c", kind: "added", after: "{name: c, value: 4}" },
    ]);
    expect(differences({ zones: ["a", "b"] }, { zones: ["b", "c"] })).toEqual([
      { path: "zones", kind: "removed", before: "a" },
      { path: "zones", kind: "added", after: "c" },
    ]);
  });

  test("in another order are not shown, unless the order is significant", () => {
    expect(change(update("x_y.z", { zones: ["a", "b"] }, { zones: ["b", "a"] }))).toMatchObject({
      differences: [],
      folded: 1,
      noise: "computed",
    });
    expect(differences({ args: ["a", "b"] }, { args: ["b", "a"] })).toEqual([
      { path: "args", kind: "changed", note: "order only" },
    ]);
  });

  test("that are unknown do not hide removed elements", () => {
    const found = change(
      update("x_y.z", { items: ["a", "b"] }, { items: ["a", null] }, { unknown: { items: [false, true] } }),
    )?.differences;
    expect(found).toContainEqual({
      path: "items[1]",
      kind: "changed",
      before: "b",
      note: "known after apply",
    });
    expect(found?.some(({ kind }) => kind === "removed")).toBe(true);
  });
});

describe("noise in an update:", () => {
  test.each<[string, JsonObject, JsonObject, Json]>([
    ["computed attributes", { a: 1, etag: "1" }, { etag: "2" }, {}],
    ["attributes that are known after apply", { a: 1, generation: "1" }, {}, { self_link: true }],
  ])("%s", (_name, before, after, unknown) => {
    expect(change(update("x_y.z", before, after, { unknown }))).toMatchObject({
      differences: [],
      noise: "computed",
      folded: 1,
    });
  });

  test.each<[string, JsonObject, JsonObject]>([
    ["labels", { labels: { a: "1" } }, { labels: { a: "2" } }],
    [
      "default labels",
      { labels: null, effective_labels: { a: "1" }, terraform_labels: { a: "1" } },
      { effective_labels: { a: "2" }, terraform_labels: { a: "2" } },
    ],
    [
      "user labels of an instance",
      { settings: [{ tier: "x", user_labels: { a: "1" } }] },
      { settings: [{ tier: "x", user_labels: { a: "2" } }] },
    ],
  ])("%s", (_name, before, after) => {
    expect(change(update("x_y.z", before, after))).toMatchObject({
      noise: "labels",
      differences: [{ path: "labels.a", before: "1", after: "2" }],
    });
  });

  test("null, an empty text, an empty list and a missing attribute are equal", () => {
    expect(
      change(update("x_y.z", { a: null, b: "", c: [], d: 1 }, { a: "", b: null, c: null, d: 2 }))
        ?.differences,
    ).toHaveLength(1);
  });

  test("an unknown value of a configured attribute is not noise", () => {
    const configuration = {
      root_module: {
        resources: [{ address: "x_y.z", expressions: { network: { references: ["a_b.c.id", "a_b.c"] } } }],
      },
    };
    expect(
      change(update("x_y.z", { network: "old" }, { network: null }, { unknown: { network: true } }), {
        configuration,
      })?.differences,
    ).toEqual([{ path: "network", kind: "changed", before: "old", note: "known after apply" }]);
  });
});

test("the difference that forces a replacement has a note", () => {
  expect(
    differences(
      { name: "a", location: "x" },
      { name: "b", location: "y" },
      { actions: ["delete", "create"], forcedBy: ["name"] },
    ),
  ).toEqual([
    { path: "name", kind: "changed", before: "a", after: "b", note: "forces replacement" },
    { path: "location", kind: "changed", before: "x", after: "y" },
  ]);
});

test("a variable that is read from a secret from now on is changed, not removed", () => {
  const env = (variable: JsonObject) => ({
    template: [{ template: [{ containers: [{ env: [{ name: "API_KEY", ...variable }] }] }] }],
  });
  const source = [{ secret_key_ref: [{ secret: "api-key", version: "latest" }] }];
  const entry = update(
    "google_cloud_run_v2_job.j",
    env({ value: "Kq7w-Zx81", value_source: [] }),
    env({ value: "", value_source: source }),
  );
  expect(change(entry)?.differences).toMatchObject([{ path: "env.API_KEY", kind: "changed" }]);
});

test("an element of a set that is known after the apply does not replace the one at its place", () => {
  const before = { rules: [{ name: "a" }, { name: "b" }] };
  const after = { rules: [{ name: "b" }, null] };
  expect(differences(before, after, { unknown: { rules: [{}, true] } })).toEqual([
    { path: "rules[1]", kind: "added", note: "known after apply" },
    { path: "rules.a", kind: "removed", before: "{name: a}" },
  ]);
});
