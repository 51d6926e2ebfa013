import { count, dollars, monthName, percent, roundDollars } from "../report/format";
import { type PageParts, pageDocument } from "../report/document";
import { html, type Html, table } from "../report/html";
import { section } from "../report/parts";
import { total } from "../report/total";
import type { DashboardData } from "./data";
import { lineageGraph } from "./lineage-graph";

/** Renders the dashboard as a self-contained page. The HTML contains the numbers; the script adds plots and the filter. */
export function renderDashboard(data: DashboardData, parts: PageParts): string {
  const { first, last } = usualDates(data);
  return pageDocument(
    {
      title: "Tributary: trips by service and zone",
      header: html`<p class="brand">Tributary</p>
        <h1>Trips by service and zone</h1>
        <p class="lead">From the models in core, ${data.from}.</p>
        <form class="filter">
          <label>From <input type="date" id="first" value="${first}" /></label>
          <label>To <input type="date" id="last" value="${last}" /></label>
          <button type="button" id="all">All dates</button>
          <output id="outside" aria-live="polite"></output>
        </form>
        ${tiles(data)}`,
      main: html`${daysSection()} ${monthsSection(data)} ${zonesSection()} ${leftOutSection(data)}
      ${lineageSection(data)}`,
      footer: html`<p>Generated ${new Date(data.writtenAt).toUTCString()}.</p>`,
      data,
    },
    parts,
  );
}

/** The first and last day of the periods that were ingested: trips outside of them have a meter with a wrong clock. */
export function usualDates({ freshness }: DashboardData): { readonly first: string; readonly last: string } {
  const first = freshness.map((one) => one.first).sort()[0] ?? "";
  const last =
    freshness
      .map((one) => one.last)
      .sort()
      .at(-1) ?? "";
  if (last === "") return { first, last };
  const end = new Date(`${last}T00:00:00Z`);
  end.setUTCMonth(end.getUTCMonth() + 1, 0);
  return { first, last: end.toISOString().slice(0, 10) };
}

function tiles({ days, months, freshness }: DashboardData): Html {
  const trips = total(days, (day) => day.trips);
  const services = [...new Set(days.map(({ service }) => service))].sort();
  const share = (service: string) =>
    total(
      days.filter((day) => day.service === service),
      (day) => day.trips,
    ) / Math.max(1, trips);
  return html`<dl class="tiles">
    <div>
      <dt>Records</dt>
      <dd><span id="records">${count(trips)}</span><small>trips in the dates above</small></dd>
    </div>
    ${services.map(
      (service) =>
        html`<div>
          <dt>${service}</dt>
          <dd><span data-share="${service}">${percent(share(service))}</span><small>of the trips</small></dd>
        </div>`,
    )}
    <div>
      <dt>Revenue</dt>
      <dd>
        ${roundDollars(total(months, (month) => month.revenue))}<small>yellow and green, all dates</small>
      </dd>
    </div>
    ${freshness.map(
      ({ service, last, periods }) =>
        html`<div>
          <dt>Latest period of ${service}</dt>
          <dd>
            ${last.slice(0, 7)}<small
              >${count(periods)} ${periods === 1 ? "period" : "periods"} in core</small
            >
          </dd>
        </div>`,
    )}
  </dl>`;
}

function plotOf(id: string, caption: string): Html {
  return html`<figure>
    <figcaption>${caption}</figcaption>
    <div class="plot" data-plot="${id}"><noscript>This plot requires JavaScript.</noscript></div>
  </figure>`;
}

function daysSection(): Html {
  return section(
    "days",
    "Trips per day",
    "By service, in the dates above.",
    plotOf("days", "Trips per day by service"),
  );
}

function monthsSection({ months }: DashboardData): Html {
  const columns = [
    { title: "Month" },
    { title: "Service" },
    { title: "Trips", numeric: true },
    { title: "Revenue", numeric: true },
  ];
  const rows = months.map(({ month, service, trips, revenue }) => [
    monthName(month.slice(0, 7)),
    service,
    count(trips),
    dollars(revenue),
  ]);
  return section(
    "months",
    "Months by year",
    "Trips of yellow and green taxis in each month, stacked by year.",
    html`${plotOf("months", "Trips by month and year")}
      <details>
        <summary>Numbers</summary>
        ${table("Trips and revenue by month and service", columns, rows)}
      </details>`,
  );
}

function zonesSection(): Html {
  return section(
    "zones",
    "Pick-up zones",
    "The busiest zones. A darker cell has more trips.",
    html`<div id="zone-table"><noscript>This table requires JavaScript.</noscript></div>`,
  );
}

function leftOutSection({ leftOut }: DashboardData): Html {
  const columns = [{ title: "Rule" }, { title: "Service" }, { title: "Trips", numeric: true }];
  return section(
    "left-out",
    "Trips that were left out",
    "Trips of unknown zones are not in core. None is lost without being counted.",
    leftOut.length === 0
      ? html`<p>All trips are in core.</p>`
      : table(
          "Trips that were left out",
          columns,
          leftOut.map(({ rule, service, trips }) => [rule, service, count(trips)]),
        ),
  );
}

function lineageSection({ lineage }: DashboardData): Html {
  if (lineage === undefined)
    return section(
      "lineage",
      "Lineage",
      "The artifacts of dbt are not at hand: see docs.html in the bucket of the transform job.",
      html``,
    );
  return section(
    "lineage",
    "Lineage",
    `${count(lineage.passed)} tests passed and ${count(lineage.failed)} failed in the last run. A node shows its own.`,
    lineageGraph(lineage),
  );
}
