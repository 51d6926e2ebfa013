import { secondsText } from "../../job/text";
import type { ReportData } from "./data";
import { count, dayName, dollars, percent, weekdayName } from "./format";
import { html, table, type Html } from "./html";
import { plot, section } from "./parts";
import { rowsSection } from "./rows-section";
import { total } from "./total";

/** The sections of the report, in order. */
export function sections(data: ReportData): readonly Html[] {
  return [rowsSection, timelineSection, citySection, rejectsSection, placesSection].map((section) =>
    section(data),
  );
}

function timelineSection({ steps }: ReportData): Html {
  const columns = [
    { title: "Month" },
    { title: "Step" },
    { title: "Started", numeric: true },
    { title: "Duration", numeric: true },
  ];
  return section(
    "steps",
    "Ingestion steps",
    "Each month is ingested in six steps; each step uses the record of the previous one. The times are from the run that " +
      "last changed the month.",
    plot(
      "timeline",
      "Steps of each month on a common time axis",
      table(
        "Steps of each month",
        columns,
        steps.map(({ period, step, start, seconds: took }) => [
          period,
          step,
          secondsText(start),
          secondsText(took),
        ]),
      ),
    ),
  );
}

function citySection({ answers, questions }: ReportData): Html {
  const { days, hours, zones, payments, months } = answers;
  const trips = total(payments, (payment) => payment.trips);
  const outside = total(months, (month) => month.outside);
  const number = (title: string) => ({ title, numeric: true });
  return section(
    "city",
    "Queries",
    `Five SQL queries on raw.yellow_tripdata. ${count(outside)} trips are dated outside the month of their file, as in ` +
      "real files. They are stored and included by month, but not by day and hour.",
    html`${plot(
        "days",
        "Trips per day",
        table(
          "Trips and revenue by day",
          [{ title: "Day" }, number("Trips"), number("Revenue")],
          days.map((day) => [dayName(day.day), count(day.trips), dollars(day.revenue)]),
        ),
        questions.days,
      )}
      ${plot(
        "hours",
        "Trips in an average hour of the week",
        table(
          "Average trips by weekday and hour",
          [{ title: "Weekday" }, number("Hour"), number("Trips")],
          hours.map((hour) => [weekdayName(hour.weekday), `${hour.hour}:00`, count(hour.trips)]),
        ),
        questions.hours,
      )}
      ${plot(
        "zones",
        "Revenue by pick-up zone, top 15",
        table(
          "Trips and revenue by pick-up zone",
          [{ title: "Zone" }, { title: "Borough" }, number("Trips"), number("Revenue")],
          zones.map((zone) => [zone.zone, zone.borough, count(zone.trips), dollars(zone.revenue)]),
        ),
        questions.zones,
      )}
      <div class="pair">
        ${plot(
          "payments",
          "Trips by payment type",
          table(
            "Trips, revenue and tips by payment type",
            [{ title: "Payment" }, number("Trips"), number("Share"), number("Revenue"), number("Tip")],
            payments.map((payment) => [
              payment.payment,
              count(payment.trips),
              percent(payment.trips / trips),
              dollars(payment.revenue),
              percent(payment.tip_share ?? 0),
            ]),
          ),
          questions.payments,
        )}
        ${plot(
          "months",
          "Revenue by month",
          table(
            "Trips and revenue by month",
            [{ title: "Month" }, number("Trips"), number("Revenue"), number("Miles per trip")],
            months.map((month) => [
              month.month,
              count(month.trips),
              dollars(month.revenue),
              month.miles.toFixed(2),
            ]),
          ),
          questions.months,
        )}
      </div>`,
  );
}

/** Number of rejected lines that the page shows, and that it contains in total. The lake contains all of them. */
const shownRejects = 12;
const keptRejects = 300;

function rejectsSection({ rejects }: ReportData): Html {
  const rows = rejects
    .slice(0, keptRejects)
    .map(({ period, line, column, reason, raw }) => [
      period,
      count(line),
      column ?? "whole line",
      reason,
      html`<code>${raw}</code>`,
    ]);
  const columns = [
    { title: "Month" },
    { title: "Line", numeric: true },
    { title: "Column" },
    { title: "Reason" },
    { title: "Original line" },
  ];
  const more = rows.slice(shownRejects);
  return section(
    "rejects",
    "Rejected rows",
    "A row that does not match the specified columns is neither dropped nor changed. It is stored in the lake with its " +
      "line number, the column, the reason and the original line.",
    rejects.length === 0
      ? html`<p>No rows were rejected.</p>`
      : html`${plot("rejects", "Rejected rows by column")}
        ${table("Rejected lines", columns, rows.slice(0, shownRejects), "stack")}
        ${
          more.length === 0
            ? ""
            : html`<details>
                <summary>${count(more.length)} more</summary>
                ${table("More rejected lines", columns, more, "stack")}
              </details>`
        }
        ${rejects.length > keptRejects ? html`<p>${count(rejects.length - keptRejects)} more are in the lake.</p>` : ""}`,
  );
}

function placesSection({ places, next }: ReportData): Html {
  return section(
    "places",
    "Results and next steps",
    "Paths are relative to the folder of the project. Run the commands there.",
    html`${list(
      places.map(({ what, path, link }) => [
        what,
        link === undefined ? html`<code>${path}</code>` : html`<a href="${link}"><code>${path}</code></a>`,
      ]),
    )}
    ${list(next.map(({ what, command }) => [what, html`<code>${command}</code>`]))}`,
  );
}

function list(entries: readonly (readonly [name: string, content: Html])[]): Html {
  return html`<dl class="places">
    ${entries.map(
      ([name, content]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${content}</dd>
        </div>`,
    )}
  </dl>`;
}
