import { previewReport } from "../../../preview/preview";
import { create, type Entry, keep, planJson, remove, replace, update } from "../support/plan-json";

const instance = { name: "pg", etag: "1", settings: [{ tier: "small" }] };
const entries = [
  update("google_sql_database_instance.pg", instance, { settings: [{ tier: "large" }] }),
  create("google_pubsub_topic.t", { name: "t" }),
];

function digest(
  list: readonly Entry[],
  more: { document?: Parameters<typeof planJson>[1]; stacks?: readonly string[]; digestKey?: string } = {},
): string {
  const content = planJson(list, more.document);
  return previewReport({
    plans: (more.stacks ?? ["prod"]).map((stack) => ({ stack, content })),
    truth: "state",
    ...(more.digestKey !== undefined && { digestKey: more.digestKey }),
  }).digest;
}

const own = digest(entries);

test("the digest includes labels and outputs with the names of volatile attributes", () => {
  const labels = (value: string) => digest([create("a_b.c", { labels: { updated: value } })]);
  expect(labels("1")).not.toBe(labels("2"));
  const output = (value: string) =>
    digest([], {
      document: { output_changes: { o: { actions: ["create"], before: null, after: { etag: value } } } },
    });
  expect(output("1")).not.toBe(output("2"));
});

test.each<[string, string]>([
  ["order", digest([...entries].reverse())],
  ["time", digest(entries, { document: { timestamp: "2030-01-01T00:00:00Z" } })],
  ["unchanged resources", digest([...entries, keep("google_pubsub_topic.other", { name: "o" })])],
  [
    "irrelevant drift",
    digest(entries, {
      document: {
        resource_drift: [
          { address: "a.b", type: "a", change: { actions: ["update"], before: { x: 1 }, after: { x: 2 } } },
        ],
      },
    }),
  ],
  [
    "volatile attributes",
    digest([
      update(
        "google_sql_database_instance.pg",
        { ...instance, etag: "2" },
        { settings: [{ tier: "large" }] },
      ),
      ...entries.slice(1),
    ]),
  ],
  [
    "the order of keys",
    digest([
      update(
        "google_sql_database_instance.pg",
        { settings: instance.settings, etag: "1", name: "pg" },
        { settings: [{ tier: "large" }] },
      ),
      ...entries.slice(1),
    ]),
  ],
])("the digest does not depend on %s", (_name, other) => {
  expect(other).toBe(own);
});

test.each<[string, string]>([
  [
    "a planned value",
    digest([
      update("google_sql_database_instance.pg", instance, { settings: [{ tier: "huge" }] }),
      ...entries.slice(1),
    ]),
  ],
  [
    "a current value",
    digest([
      update(
        "google_sql_database_instance.pg",
        { ...instance, settings: [{ tier: "tiny" }] },
        { settings: [{ tier: "large" }] },
      ),
      ...entries.slice(1),
    ]),
  ],
  ["a removed change", digest(entries.slice(1))],
  [
    "a replacement instead of an update",
    digest([
      replace("google_sql_database_instance.pg", instance, { settings: [{ tier: "large" }] }),
      ...entries.slice(1),
    ]),
  ],
  [
    "the order of a replacement",
    digest([
      replace(
        "google_sql_database_instance.pg",
        instance,
        { settings: [{ tier: "large" }] },
        { actions: ["create", "delete"] },
      ),
      ...entries.slice(1),
    ]),
  ],
  [
    "the attribute that forces a replacement",
    digest([
      replace(
        "google_sql_database_instance.pg",
        instance,
        { settings: [{ tier: "large" }] },
        { forcedBy: ["name"] },
      ),
      ...entries.slice(1),
    ]),
  ],
  [
    "an unknown value",
    digest([
      ...entries.slice(0, 1),
      create("google_pubsub_topic.t", { name: "t" }, { unknown: { id: true } }),
    ]),
  ],
  ["an address", digest([...entries.slice(0, 1), create("google_pubsub_topic.u", { name: "t" })])],
  [
    "a deposed object",
    digest([...entries, remove("google_pubsub_topic.t", { name: "t" }, { deposed: "1a2b" })]),
  ],
  [
    "a move",
    digest([...entries, keep("google_pubsub_topic.m", { name: "m" }, { previous: "google_pubsub_topic.l" })]),
  ],
  ["an additional stack without changes", digest(entries, { stacks: ["prod", "other"] })],
  [
    "an output",
    digest(entries, { document: { output_changes: { o: { actions: ["update"], before: 1, after: 2 } } } }),
  ],
  ["a partial plan", digest(entries, { document: { complete: false } })],
])("the digest depends on %s", (_name, other) => {
  expect(other).not.toBe(own);
});

describe("secrets in the digest", () => {
  const user = (password: string) => [
    create("google_sql_user.u", { name: "u", password }, { sensitive: { password: true } }),
  ];

  test("change it", () => {
    expect(digest(user("one-Secret-1"))).not.toBe(digest(user("two-Secret-2")));
    expect(digest(user("one-Secret-1"))).toBe(digest(user("one-Secret-1")));
  });

  test("are hashed with a key", () => {
    expect(digest(user("one-Secret-1"), { digestKey: "a" })).not.toBe(
      digest(user("one-Secret-1"), { digestKey: "b" }),
    );
  });
});
