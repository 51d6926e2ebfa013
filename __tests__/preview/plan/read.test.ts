import * as fc from "fast-check";
import { gzipSync } from "node:zlib";
import { PreviewInputError } from "../../../preview/input-error";
import { isObject, WrittenNumber } from "../../../preview/json";
import { parseJson } from "../../../preview/plan/parse-json";
import { readPlan } from "../../../preview/plan/read";
import { previewReport } from "../../../preview/preview";
import { planJson, reportOf, update } from "../support/plan-json";

const plan = Buffer.from(
  planJson([update("google_pubsub_topic.t", { name: "t", labels: null }, { labels: { é: "ü" } })]),
);

describe("readPlan", () => {
  const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
  const utf16 = Buffer.from(plan.toString(), "utf16le");
  test.each([
    ["UTF-8", plan],
    ["UTF-8 with a byte order mark", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), plan])],
    ["UTF-16, little-endian", Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])],
    ["UTF-16, big-endian", Buffer.concat([Buffer.from([0xfe, 0xff]), swapped(utf16)])],
    ["UTF-16 without a byte order mark", utf16],
  ])("decodes %s", (_name, bytes) => {
    expect(readPlan("s", bytes).resources[0]?.after).toEqual({ name: "t", labels: { é: "ü" } });
  });
});

describe("readPlan rejects in one sentence, and never reports no changes for", () => {
  test.each([
    ["an empty file", "", /is empty/],
    ["whitespace", " \n", /is empty/],
    ["a truncated plan", plan.toString().slice(0, 200), /terraform show -json/],
    ["a binary plan file", "PK\u0003\u0004tfplan", /terraform show -json/],
    ["a compressed file", gzipSync(plan), /compressed/],
    ["bytes that are not text", Buffer.from([0x7b, 0xff, 0xc0]), /is not text/],
    ["a list", "[]", /is not a plan/],
    ["the output of terraform plan", "Terraform will perform the following actions:", /is not a plan/],
    ["a state as terraform show prints it", '{"format_version":"1.0","values":{}}', /is a state/],
    ["a state file", '{"version":4,"lineage":"x","serial":1,"resources":[]}', /is a state/],
    ["a log", '{"@level":"info","type":"version"}\n{"@level":"info","type":"change_summary"}', /is a log/],
    [
      "a future format",
      '{"format_version":"2.0","resource_changes":[]}',
      /format_version 2.0, which is not supported/,
    ],
    ["a future format as a number", '{"format_version":2,"resource_changes":[]}', /format_version 2, which/],
    [
      "a plan whose changes were removed",
      '{"planned_values":{"root_module":{"resources":[{"address":"a.b"}]}}}',
      /is not a complete plan/,
    ],
    ["a plan with damaged changes", '{"resource_changes":[{"address":"a.b"}]}', /is not a complete plan/],
    ["a plan whose changes are no list", '{"resource_changes":"none"}', /is not a complete plan/],
  ])("%s", (_name, content, message) => {
    const bytes = Buffer.from(content);
    expect(() => readPlan("s", bytes)).toThrow(PreviewInputError);
    expect(() => readPlan("s", bytes)).toThrow(message);
    const report = previewReport({ plans: [{ stack: "s", content: bytes }], truth: "state" });
    expect(report.verdict).toBe("error");
    expect(report.headline).not.toMatch(/no changes/i);
  });

  test("a log, with its errors", () => {
    const log =
      '{"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"Invalid value","detail":"No."}}';
    expect(() => readPlan("s", Buffer.from(log))).toThrow(/Invalid value: No\./);
  });
});

describe("numbers beyond 2^53", () => {
  test("keep their digits", () => {
    const value = parseJson(
      '{"a": 9007199254740993, "b": [12, -9007199254740993], "c": "9007199254740993", "d": 0.12345678901234567890}',
    );
    expect(isObject(value) && value["a"]).toEqual(new WrittenNumber("9007199254740993"));
    expect(value).toMatchObject({
      b: [12, new WrittenNumber("-9007199254740993")],
      c: "9007199254740993",
      d: new WrittenNumber("0.12345678901234567890"),
    });
  });

  test("keep their digits wherever they are", () => {
    const digits = fc
      .stringMatching(/^-?[1-9]\d{16,40}$/)
      .filter((number) => String(Number(number)) !== number);
    const space = fc.constantFrom("", " ", "\n");
    fc.assert(
      fc.property(digits, space, fc.string(), (number, gap, text) => {
        const value = parseJson(
          `{"t":${JSON.stringify(text)},"n":${gap}[${number}${gap}],"m":${gap}${number}}`,
        );
        const expected = new WrittenNumber(number);
        expect(value).toEqual({ t: text, n: [expected], m: expected });
      }),
    );
  });

  test("are not searched for character by character in a long run of digits", () => {
    const text = `{"a": "${"1".repeat(2_000_000)}"}`;
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test("in a text are not changed", () => {
    const text = '{"s": "{\\"id\\": 9007199254740993, \\"x\\": 1}"}';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test("differ by their digits", () => {
    const content = Buffer.from(
      Buffer.from(planJson([update("terraform_data.n", { input: 1 }, { input: 2 })]))
        .toString()
        .replace('"input":1', '"input":9007199254740992')
        .replace('"input":2', '"input":9007199254740993'),
    );
    const [change] = previewReport({ plans: [{ stack: "s", content }], truth: "state" }).changes;
    expect(change?.differences).toEqual([
      { path: "input", kind: "changed", before: "9007199254740992", after: "9007199254740993" },
    ]);
  });
});

test("unknown fields of a plan are ignored, unknown actions are changes", () => {
  const report = reportOf(
    [update("google_pubsub_topic.t", { name: "t" }, {}, { actions: ["teleport"] })],
    {},
    { something_new: { a: 1 } },
  );
  expect(report.verdict).toBe("changed");
  expect(report.counts.unknown).toBe(1);
  expect(report.warnings.join()).toContain("unknown action (teleport)");
});

test("create and forget counts as both, and loses no data", () => {
  const { counts, losses } = reportOf([
    update("google_storage_bucket.b", { name: "b" }, {}, { actions: ["create", "forget"] }),
  ]);
  expect(counts).toMatchObject({ create: 1, forget: 1, replace: 0, delete: 0 });
  expect(losses.filter(({ class: name }) => name === "lost")).toEqual([]);
});

test("names of members that every JavaScript object has are ordinary names", () => {
  const report = reportOf([
    update("constructor.toString", { labels: { a: "1" } }, { labels: { a: "1", constructor: "x" } }),
  ]);
  expect(report.changes).toMatchObject([
    {
      address: "constructor.toString",
      differences: [{ path: "labels.constructor", kind: "added", after: "x" }],
    },
  ]);
});
