import { bytesText, secondsText } from "../../job/text";
import type { ReportData } from "./data";
import { count, monthName, roundDollars } from "./format";
import { type PageParts, pageDocument } from "./document";
import { html, type Html } from "./html";
import { sections } from "./sections";
import { total } from "./total";

/**
 * Renders the report as a self-contained page. The HTML contains all numbers; the script adds the plots.
 */
export function renderReport(data: ReportData, parts: PageParts): string {
  const { months } = data.answers;
  const first = months.at(0)?.month ?? "";
  const last = months.at(-1)?.month ?? "";
  return pageDocument(
    {
      title: `Tributary: ${monthName(first)} to ${monthName(last)}`,
      header: verdict(data),
      main: html`${sections(data)}`,
      footer: html`<p>
        Generated ${new Date(data.writtenAt).toUTCString()}. The trips are synthetic: zones, hours, fares and
        data errors are modeled on New York's yellow taxis of 2019; the numbers are not real.
      </p>`,
      data,
    },
    parts,
  );
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
            ${count(read)} rows were read. ${count(stored)} are in ${places}. ${count(rejected)} were rejected
            and are stored with the reason.
          </p>`
      : html`<h1>Some checks failed</h1>
          <p class="lead">
            ${failed.length} of ${checks.length} checks failed: ${failed.map(({ name }) => name).join("; ")}.
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
      spent > 0 ? `${count(read / spent)} rows per second` : "from the manifests",
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
