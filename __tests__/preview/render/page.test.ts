import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { previewReport } from "../../../preview/preview";
import { buildPage } from "../../../preview/render/html/build";
import { html } from "../../../preview/render/html/html";
import { describeUnless } from "../../support/unless";
import { largePlan } from "../support/large-plan";
import { create, type Entry, planJson, remove, replace, update } from "../support/plan-json";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const missing = existsSync(executablePath)
  ? undefined
  : `${executablePath} does not exist: install Chromium, or set CHROMIUM to its path`;

const long = "a_resource_whose_name_is_much_longer_than_a_narrow_screen_is_wide";

/** Every section, with texts that do not fit into a narrow page. */
const entries: readonly Entry[] = [
  remove(`google_bigquery_table.${long}`, { dataset_id: "raw", table_id: "t", num_rows: 1_204 }),
  remove(`google_storage_bucket.${long}_old`, { name: "lake" }),
  create(`google_storage_bucket.${long}_new`, { name: "lake" }),
  replace(
    "google_sql_database_instance.pg",
    { name: "pg", settings: [{ tier: "db-f1-micro" }] },
    { name: "pg2" },
  ),
  update(
    "google_workflows_workflow.w",
    { name: "w", source_contents: `a: ${"1".repeat(300)}\nb: 2\n` },
    { source_contents: `a: ${"2".repeat(300)}\nb: 2\n` },
  ),
  create("google_storage_bucket_iam_member.public", {
    bucket: "lake",
    role: "roles/storage.objectViewer",
    member: "allUsers",
  }),
];

const configuration = {
  root_module: {
    resources: [
      {
        address: "google_storage_bucket_iam_member.public",
        expressions: { bucket: { references: [`google_storage_bucket.${long}_new.name`] } },
      },
    ],
  },
};

describeUnless(missing)("the report in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "preview-page-"));
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    const parts = await buildPage();
    const write = (name: string, content: Uint8Array) => {
      const report = previewReport({ plans: [{ stack: "prod-lake", content }], truth: "state" });
      writeFileSync(join(folder, name), html(report, parts));
    };
    write("small.html", planJson(entries, { configuration }));
    write("large.html", largePlan(5_000).content);
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function opened(name: string, width: number, colorScheme: "light" | "dark"): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    await page.goto(pathToFileURL(join(folder, name)).href);
    return page;
  }

  test.each([
    ["small.html", 360, "light"],
    ["small.html", 1400, "dark"],
    ["large.html", 360, "dark"],
  ] as const)("%s does not overflow at %i pixels, %s", async (name, width, scheme) => {
    const page = await opened(name, width, scheme);
    expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBe(width);
    await page.close();
  });

  test("dark colors are not printed", async () => {
    const page = await opened("small.html", 1400, "dark");
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    // Dark ink on a light background.
    const colors = await page.evaluate<string[]>(`
      [...document.querySelectorAll(".tag, .warnings, svg.graph g, svg.graph text, header, td")].map((element) =>
        JSON.stringify([getComputedStyle(element).color, getComputedStyle(element).fill]))`);
    const light = colors.filter((both) => {
      const [red = 0, green = 0, blue = 0] = (/rgb\((.*?)\)/.exec(both)?.[1] ?? "").split(",").map(Number);
      return red + green + blue > 400;
    });
    expect(colors.length).toBeGreaterThan(10);
    expect(light).toEqual([]);
    const boxes = await page.evaluate<string[]>(
      `[...document.querySelectorAll("svg.graph rect")].map((box) => getComputedStyle(box).fill)`,
    );
    expect(boxes.length).toBeGreaterThan(1);
    for (const box of boxes) expect(box).toMatch(/^rgb\(2\d\d, 2\d\d, 2\d\d\)$/);
    await page.close();
  });

  test("collapsed parts are printed, and collapsed again afterwards", async () => {
    const page = await opened("small.html", 1400, "light");
    const open = () => page.evaluate<number>("document.querySelectorAll('details[open]').length");
    const [all, before] = [
      await page.evaluate<number>("document.querySelectorAll('details').length"),
      await open(),
    ];
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await open()).toBe(all);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await open()).toBe(before);
    await page.close();
  });

  test("nothing is cut off at the edge of a printed page", async () => {
    const page = await opened("small.html", 680, "light");
    await page.emulateMedia({ media: "print" });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    const cut = await page.evaluate<string[]>(`
      [...document.querySelectorAll("main *")]
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .map((element) => element.outerHTML.slice(0, 80))`);
    expect(cut).toEqual([]);
    await page.close();
  });

  test("thousands of changes are printed without differences, and the page says so", async () => {
    const page = await opened("large.html", 1400, "light");
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.evaluate<number>("document.querySelectorAll('details.change[open]').length")).toBe(0);
    expect(await page.evaluate<string>("document.querySelector('.printed').textContent")).toContain(
      "more than 300 changes",
    );
    await page.close();
  });
});
