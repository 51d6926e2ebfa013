import { secondsText } from "../../job/report/text";
import type { ReportData } from "./data";
import { count, dayName, dollars, percent, weekdayName } from "./format";
import { html, table, type Html } from "./html";
import { plot, section } from "./parts";
import { rowsSection } from "./rows-section";
import { total } from "./total";

/** The sections of the report, in their order. */
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
    { title: "Took", numeric: true },
  ];
  return section(
    "steps",
    "How the data came here",
    "Six steps a month, each from the record of the one before. Times are of the run that last changed the month.",
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
    "What the warehouse answers",
    `Five SQL questions to raw.yellow_tripdata. ${count(outside)} trips are dated outside the month of their file, as ` +
      "happens in real files; they are stored, counted by month, and left out by day and hour.",
    html`${plot(
        "days",
        "Trips a day",
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
        "Revenue by pick-up zone, the first 15",
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
          "How trips are paid",
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
            [{ title: "Month" }, number("Trips"), number("Revenue"), number("Miles a trip")],
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

/** Rejected lines that are on the page; the others are in the lake. */
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
    { title: "Line as it was" },
  ];
  const more = rows.slice(shownRejects);
  return section(
    "rejects",
    "What was rejected, and why",
    "A row that does not fit the declared columns is not dropped and not guessed at: it is kept in the lake with its " +
      "line number, the column, the reason and the line as it was.",
    rejects.length === 0
      ? html`<p>Nothing was rejected.</p>`
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
    "Where everything is, and what to do next",
    "Paths are relative to the project's folder, where the commands run.",
    html`${list(places.map(({ what, path }) => [what, path]))}
    ${list(next.map(({ what, command }) => [what, command]))}`,
  );
}

function list(entries: readonly (readonly [name: string, code: string])[]): Html {
  return html`<dl class="places">
    ${entries.map(
      ([name, code]) =>
        html`<div>
          <dt>${name}</dt>
          <dd><code>${code}</code></dd>
        </div>`,
    )}
  </dl>`;
}
