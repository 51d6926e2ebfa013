import { createHash } from "node:crypto";
import { bytesText, secondsText } from "../../job/report/text";
import type { ReportData } from "./data";
import { count, monthName, roundDollars } from "./format";
import { html, jsonForScript, type Html } from "./html";
import { sections } from "./sections";
import { total } from "./total";

/** What the page is made of besides its data. */
export interface PageParts {
  /** Draws the plots; see page/. */
  readonly script: string;
  readonly style: string;
}

/**
 * The report as one page that loads nothing. Every figure in it is in the HTML; the script adds the plots.
 */
export function renderReport(data: ReportData, { script, style }: PageParts): string {
  const { months } = data.answers;
  const first = months.at(0)?.month ?? "";
  const last = months.at(-1)?.month ?? "";
  // Text from rejected lines is shown on this page: no script but the page's own may run.
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${sha256(script)}'`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <link rel="icon" href="data:," />
        <title>Tributary: ${monthName(first)} to ${monthName(last)}</title>
        <style>
          ${{ html: style }}
        </style>
      </head>
      <body>
        <header>${verdict(data)}</header>
        <main>${sections(data)}</main>
        <footer>
          <p>
            Written ${new Date(data.writtenAt).toUTCString()}. The trips are made up: their zones, hours,
            fares and oddities follow New York's yellow taxis of 2019, their numbers do not.
          </p>
        </footer>
        <script type="application/json" id="data">
          ${jsonForScript(data)}
        </script>
        ${scriptElement(script)}
      </body>
    </html> `.html;
}

/** Not in the page's template: a formatter's white space in there would change the script's hash. */
function scriptElement(script: string): Html {
  return { html: `<script>${script}</script>` };
}

function verdict({ checks, periods, answers, steps }: ReportData): Html {
  const failed = checks.filter((check) => !check.holds);
  const read = total(periods, (period) => period.source);
  const rejected = total(periods, (period) => period.rejected);
  const stored = total(periods, (period) => period.warehouse);
  const places = periods.every((period) => period.database !== null)
    ? "lake, warehouse and database"
    : "lake and warehouse";
  const headline =
    failed.length === 0
      ? html`<h1>Every row is accounted for</h1>
          <p class="lead">
            ${count(read)} rows were read. ${count(stored)} are in ${places}, ${count(rejected)} could not be
            read and are kept with the reason.
          </p>`
      : html`<h1>Something does not add up</h1>
          <p class="lead">
            ${failed.length === 1 ? "1 check" : `${failed.length} checks`} of ${checks.length} failed:
            ${failed.map(({ name }) => name).join("; ")}.
          </p>`;
  const spent = total(steps, (step) => step.seconds);
  const tiles: readonly (readonly [string, string, string])[] = [
    ["Trips", count(total(answers.months, (month) => month.trips)), `${answers.months.length} months`],
    ["Revenue", roundDollars(total(answers.months, (month) => month.revenue)), "sum of total_amount"],
    [
      "Source files",
      bytesText(total(periods, (period) => period.sourceBytes)),
      `${bytesText(total(periods, (period) => period.parquetBytes))} as Parquet`,
    ],
    [
      "Ingested in",
      secondsText(spent),
      spent > 0 ? `${count(read / spent)} rows a second` : "by the run's record",
    ],
  ];
  return html`<p class="brand">Tributary</p>
    <div class="verdict ${failed.length === 0 ? "good" : "bad"}">${headline}</div>
    <dl class="tiles">
      ${tiles.map(
        ([name, value, note]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}<small>${note}</small></dd>
          </div>`,
      )}
    </dl>`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
