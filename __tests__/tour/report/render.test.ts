import { renderReport } from "../../../tour/report/render";
import { sampleData } from "./sample-data";

const parts = { script: "draw()", style: "body{margin:0}" };
const page = renderReport(sampleData(), parts);

test("renderReport has a headline with the row counts", () => {
  expect(textOf(page)).toContain(
    "Every row is accounted for 3,000 rows were read. 2,985 are in lake, warehouse and database. " +
      "15 were rejected and are stored with the reason.",
  );
  expect(page).toContain("<title>Tributary: January 2019 to March 2019</title>");
});

test("renderReport shows a failed check in the headline and in the list", () => {
  const failed = sampleData({
    checks: [{ name: "Every row was read", holds: false, detail: "2019-01: 1,000 expected, 999 found" }],
  });
  const text = textOf(renderReport(failed, parts));
  expect(text).toContain("Some checks failed 1 of 1 checks failed: Every row was read.");
  expect(text).toContain("✗ Every row was read – failed 2019-01: 1,000 expected, 999 found");
  expect(text).not.toContain("Every row is accounted for");
});

test("renderReport compares the row counts of each month", () => {
  const [first, ...others] = sampleData().periods;
  if (first === undefined) throw new Error("the sample data has no periods");
  const text = textOf(
    renderReport(sampleData({ periods: [first, { ...first, period: "2019-02", warehouse: 994 }] }), parts),
  );
  expect(others).toHaveLength(2);
  expect(text).toContain("✓ 2019-01 1,000 − 5 = 995 = 995 = 995");
  expect(text).toContain("✗ 2019-02 1,000 − 5 = 995 ≠ 994 = 995");
  expect(text).toContain("✗ total 2,000 − 10 = 1,990 ≠ 1,989 = 1,990");
});

test("renderReport accepts a run without a database", () => {
  const periods = sampleData().periods.map((period) => ({ ...period, database: null }));
  const text = textOf(renderReport(sampleData({ periods }), parts));
  expect(text).toContain("✓ 2019-01 1,000 − 5 = 995 = 995 not loaded");
  expect(text).toContain("2,985 are in lake and warehouse. 15 were");
});

test("renderReport has a table for every plot", () => {
  const text = textOf(page);
  expect(text).toContain("2019-02 extract 2.00 s 0.25 s");
  expect(text).toContain("Tue 1 Jan 20 $400");
  expect(text).toContain("Mon 8:00 9");
  expect(text).toContain("JFK Airport Queens 400 $21,000");
  expect(text).toContain("Credit card 2,388 80.0 % $47,760 20.0 %");
  expect(text).toContain("2019-01 995 $19,900 3.25");
});

test("renderReport shows rejected lines with line, column, reason and original line", () => {
  const text = textOf(page);
  expect(text).toContain("2019-01 12 whole line has fewer than 18 fields 2,2019-01-15 03:36:12");
  expect(text).toContain('2019-03 1,012 passenger_count "two" cannot be read as BIGINT');
  expect(text).toContain("3 more Month Line");
  expect(textOf(renderReport(sampleData({ rejects: [] }), parts))).toContain("No rows were rejected.");
});

test("renderReport escapes text from the data", () => {
  const raw = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&amp;";
  const [reject] = sampleData().rejects;
  if (reject === undefined) throw new Error("the sample data has no rejects");
  const hostile = renderReport(sampleData({ rejects: [{ ...reject, raw }] }), parts);
  expect(hostile).not.toContain("<script>alert");
  expect(hostile).not.toContain("<img");
  expect(textOf(hostile)).toContain(raw);
  const embedded = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(hostile)?.[1] ?? "";
  expect(JSON.parse(embedded)).toEqual(sampleData({ rejects: [{ ...reject, raw }] }));
});

test("renderReport creates a page that makes no requests", () => {
  expect(page).toContain("default-src &#39;none&#39;");
  const addresses = [...page.matchAll(/\b(?:src|href|action|url)\s*[=(]\s*["']?([^"'\s>)]*)/g)];
  expect(addresses.map(([, address]) => address)).toEqual(["data:,"]);
  expect(page).not.toMatch(/https?:\/\/|@import/);
});

/** The visible text: without tags, scripts and styles, with single spaces and decoded entities. */
function textOf(markup: string): string {
  return markup
    .replace(/<(script|style|caption)\b[^>]*>.*?<\/\1>/gs, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, " ");
}
