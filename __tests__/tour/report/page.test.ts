import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { buildPage } from "../../../tour/report/build";
import { renderReport } from "../../../tour/report/render";
import { describeUnless } from "../../support/unless";
import { sampleData } from "./sample-data";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const missing = existsSync(executablePath)
  ? undefined
  : `${executablePath} does not exist: install Chromium, or set CHROMIUM to its path`;

/** Waits for an expression to be true. `waitForFunction` polls inside the page, where its policy forbids to evaluate text. */
async function until(page: Page, expression: string): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await page.evaluate<boolean>(expression)) return;
    await setTimeout(50);
  }
  throw new Error(`not true after 20 s: ${expression}`);
}

describeUnless(missing)("report in a browser", () => {
  let folder: string;
  let address: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tributary-page-"));
    writeFileSync(join(folder, "index.html"), renderReport(sampleData(), buildPage()));
    address = pathToFileURL(join(folder, "index.html")).href;
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  test.each([
    [360, "light"],
    [360, "dark"],
    [1400, "light"],
    [1400, "dark"],
  ] as const)(
    "has all plots, no overflow, no errors and no requests at %i pixels, %s",
    async (width, colorScheme) => {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const messages: string[] = [];
      const requests: string[] = [];
      page.on("console", (message) => messages.push(message.text()));
      page.on("pageerror", (error) => messages.push(error.message));
      page.on("request", (request) => requests.push(request.url()));
      await page.goto(address);
      await until(page, "document.querySelectorAll('.plot svg').length === 7");

      expect(messages).toEqual([]);
      expect(requests.filter((url) => url !== address && !url.startsWith("data:"))).toEqual([]);
      expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBe(width);
      expect(await marks(page)).toEqual({
        timeline: 18,
        days: 90,
        hours: 168,
        zones: 3,
        payments: 2,
        months: 3,
        rejects: 2,
      });
      const style = (property: string) =>
        page.evaluate<string>(`getComputedStyle(document.body).${property}`);
      const [ink, paper] = [await style("color"), await style("backgroundColor")];
      expect(contrast(ink, paper)).toBeGreaterThan(7);
      expect(luminance(paper) > 0.5).toBe(colorScheme === "light");
      await page.close();
    },
  );

  test("resizes its plots with the window", async () => {
    const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
    await page.goto(address);
    const width = "document.querySelector('[data-plot=days] svg').getBoundingClientRect().width";
    await until(page, `${width} > 800`);
    await page.setViewportSize({ width: 500, height: 900 });
    await until(page, `${width} < 480 && ${width} > 380`);
    await page.close();
  });
});

/** Number of data rectangles by plot. */
async function marks(page: Page): Promise<unknown> {
  return page.evaluate(`Object.fromEntries([...document.querySelectorAll("[data-plot]")].map((container) => [
    container.dataset.plot, container.querySelectorAll("g[aria-label=bar] rect, g[aria-label=bar] path, g[aria-label=rect] rect, g[aria-label=cell] rect").length]))`);
}

/** Contrast of two colors according to WCAG: 1 to 21. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [...color.matchAll(/\d+/g)].map(([digits]) => {
    const value = Number(digits) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
