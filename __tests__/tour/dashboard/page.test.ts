import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser } from "playwright-core";
import type { DashboardData } from "../../../tour/dashboard/data";
import { renderDashboard, usualDates } from "../../../tour/dashboard/render";
import { buildPage } from "../../../tour/report/build";
import { describeUnless } from "../../support/unless";

const days = Array.from({ length: 59 }, (_, index) =>
  new Date(Date.UTC(2019, 0, 1 + index)).toISOString().slice(0, 10),
);
const data: DashboardData = {
  writtenAt: "2026-01-02T03:04:05Z",
  from: ".tributary/warehouse.duckdb",
  days: [
    ...days.flatMap((day) => [
      { day, service: "Green", trips: 10 },
      { day, service: "Yellow", trips: 90 },
    ]),
    { day: "2088-01-24", service: "Yellow", trips: 3 },
  ],
  months: [
    { month: "2018-12-01", service: "Yellow", trips: 7, revenue: 70 },
    { month: "2019-01-01", service: "Yellow", trips: 2790, revenue: 27_900.5 },
    { month: "2019-02-01", service: "Green", trips: 280, revenue: 2800 },
  ],
  zones: [
    { zone: "Zone <1>", month: "2019-01-01", trips: 2000 },
    { zone: "Zone 2", month: "2019-02-01", trips: 1000 },
  ],
  leftOut: [{ service: "Yellow", rule: "pick-up zone unknown", trips: 12 }],
  freshness: [{ service: "Yellow", first: "2019-01-01", last: "2019-02-01", periods: 2 }],
  lineage: {
    passed: 3,
    failed: 1,
    nodes: [
      { name: "yellow_tripdata", layer: "raw", reads: [], tests: { passed: 1, failed: 0 } },
      { name: "stg_yellow", layer: "staging", reads: ["yellow_tripdata"], tests: { passed: 0, failed: 0 } },
      { name: "fact_trips", layer: "core", reads: ["stg_yellow"], tests: { passed: 2, failed: 1 } },
    ],
  },
};

test("the filter starts with the periods that were ingested", () => {
  expect(usualDates(data)).toEqual({ first: "2019-01-01", last: "2019-02-28" });
  expect(usualDates({ ...data, freshness: [] })).toEqual({ first: "", last: "" });
});

test("the page has the numbers without its script, and escapes texts", () => {
  const page = renderDashboard(data, { script: "", style: "" });
  expect(page).toContain("pick-up zone unknown");
  expect(page).toContain("3 tests passed and 1 failed");
  expect(page).not.toContain("Zone <1>");
});

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const missing = existsSync(executablePath)
  ? undefined
  : `${executablePath} does not exist: install Chromium, or set CHROMIUM to its path`;

describeUnless(missing)("dashboard in a browser", () => {
  let folder: string;
  let browser: Browser;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tributary-dashboard-"));
    writeFileSync(join(folder, "index.html"), renderDashboard(data, buildPage("tour/dashboard/page")));
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function open(width: number, colorScheme: "dark" | "light") {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const messages: string[] = [];
    page.on("console", (message) => messages.push(message.text()));
    page.on("pageerror", (error) => messages.push(error.message));
    await page.goto(pathToFileURL(join(folder, "index.html")).href);
    await page.locator("[data-plot=months] svg").first().waitFor();
    return { page, messages };
  }

  test.each([
    [360, "light"],
    [1300, "dark"],
  ] as const)("has its plots, no overflow and no errors at %i pixels, %s", async (width, scheme) => {
    const { page, messages } = await open(width, scheme);
    expect(messages).toEqual([]);
    expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBe(width);
    expect(await page.locator("[data-plot] svg").count()).toBeGreaterThanOrEqual(2);
    expect(await page.locator(".lineage .node").count()).toBe(3);
    await page.close();
  });

  test("the filter on dates leaves out bogus ones, and is used by keyboard", async () => {
    const { page } = await open(1300, "light");
    const text = (selector: string) => page.locator(selector).textContent();
    expect(await text("#records")).toBe("5,900");
    expect(await text("#outside")).toBe("3 trips have other dates");
    expect(await text("[data-share=Yellow]")).toBe("90.0 %");
    await page.locator("#last").fill("2019-01-31");
    expect(await text("#records")).toBe("3,100");
    expect(await page.locator("#zone-table tr").count()).toBe(1);
    expect(await text("#zone-table th")).toBe("Zone <1>");
    await page.locator("#last").focus();
    for (let tabs = 0; tabs < 5; tabs += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate<boolean>("document.activeElement.id === 'all'")) break;
    }
    await page.keyboard.press("Enter");
    expect(await text("#records")).toBe("5,903");
    expect(await text("#outside")).toBe("");
    await page.close();
  });
});
