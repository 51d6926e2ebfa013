/** The script of the dashboard: draws the plots and the heat table, and applies the filter on dates. */
import { axisX, axisY, barY, gridY, lineY, plot, pointerX, ruleY, tip } from "@observablehq/plot";
import { count, dayName, percent } from "../../report/format";
import { common, isNarrow } from "../../report/page/style";
import type { DashboardData, DayTrips } from "../data";

// Embedded by the renderer in this page.
const data = JSON.parse(document.getElementById("data")?.textContent ?? "") as DashboardData;

const colors: Readonly<Record<string, string>> = {
  Yellow: "var(--step-4)",
  Green: "var(--step-5)",
  FHV: "var(--step-1)",
};
const services = [...new Set(data.days.map(({ service }) => service))].sort();
/** On the scale: `Yellow` and `Green` are also names of colors in CSS. */
const serviceColor = { value: "service", scale: "color" } as const;
const color = {
  domain: services,
  range: services.map((service) => colors[service] ?? "var(--step-6)"),
  legend: true,
};

const monthNames = Array.from({ length: 12 }, (_, month) =>
  new Date(Date.UTC(2000, month)).toLocaleString("en-GB", { month: "short", timeZone: "UTC" }),
);

const [first, last] = [input("first"), input("last")];
const observer = new ResizeObserver(drawAll);

for (const container of document.querySelectorAll("[data-plot]")) observer.observe(container);
for (const field of [first, last]) field.addEventListener("input", drawAll);
document.getElementById("all")?.addEventListener("click", () => {
  const all = data.days.map(({ day }) => day).sort();
  first.value = all.at(0) ?? "";
  last.value = all.at(-1) ?? "";
  drawAll();
});
drawAll();

function input(id: string): HTMLInputElement {
  const found = document.getElementById(id);
  if (!(found instanceof HTMLInputElement)) throw new Error(`the page has no field ${id}`);
  return found;
}

/** Whether a day, or the first day of a month, is in the range of the filter. */
function isChosen(day: string, month = false): boolean {
  const from = month ? first.value.slice(0, 8) : first.value;
  return day >= from && (last.value === "" || day <= last.value);
}

function drawAll(): void {
  const days = data.days.filter(({ day }) => isChosen(day));
  const all = sum(days);
  text("records", count(all));
  for (const tile of document.querySelectorAll("[data-share]")) {
    const own = sum(days.filter(({ service }) => service === tile.getAttribute("data-share")));
    tile.textContent = percent(own / Math.max(1, all));
  }
  const outside = sum(data.days) - all;
  text(
    "outside",
    outside === 0
      ? ""
      : `${count(outside)} ${outside === 1 ? "trip has another date" : "trips have other dates"}`,
  );
  for (const container of document.querySelectorAll("[data-plot]")) {
    const width = Math.floor(container.getBoundingClientRect().width);
    if (width === 0) continue;
    const draw = container.getAttribute("data-plot") === "days" ? daysPlot : monthsPlot;
    container.replaceChildren(draw(width));
  }
  document.getElementById("zone-table")?.replaceChildren(zoneTable());
}

function text(id: string, value: string): void {
  const found = document.getElementById(id);
  if (found !== null) found.textContent = value;
}

function sum(rows: readonly { readonly trips: number }[]): number {
  return rows.reduce((all, { trips }) => all + trips, 0);
}

function daysPlot(width: number): Element {
  const days = data.days.filter(({ day }) => isChosen(day));
  const time = (day: DayTrips) => new Date(`${day.day}T00:00:00Z`);
  return plot({
    ...common(width, "Trips per day by service"),
    height: isNarrow(width) ? 220 : 300,
    marginLeft: 48,
    x: { type: "utc", label: null },
    y: { label: null, zero: true },
    color,
    marks: [
      gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 4 }),
      axisX({ tickSize: 0, ticks: isNarrow(width) ? 4 : 8 }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: count }),
      lineY(days, { x: time, y: "trips", stroke: serviceColor, strokeWidth: 2 }),
      ruleY([0], { stroke: "var(--ink-soft)" }),
      tip(
        days,
        pointerX({
          x: time,
          y: "trips",
          title: (day: DayTrips) => `${dayName(day.day)}\n${count(day.trips)} trips (${day.service})`,
        }),
      ),
    ],
  });
}

function monthsPlot(width: number): Element {
  const chosen = data.months.filter(({ month }) => isChosen(month, true));
  const bars = chosen.map(({ month, trips }) => ({
    name: monthNames[Number(month.slice(5, 7)) - 1] ?? "",
    year: month.slice(0, 4),
    trips,
  }));
  const years = [...new Set(bars.map(({ year }) => year))].sort();
  return plot({
    ...common(width, "Trips by month, stacked by year"),
    height: 260,
    marginLeft: 56,
    x: { domain: monthNames, label: null, padding: 0.2 },
    y: { label: null },
    color: { domain: years, range: years.map((_, index) => `var(--step-${1 + (index % 6)})`), legend: true },
    marks: [
      gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 4 }),
      axisX({ tickSize: 0, tickFormat: (name: string) => (isNarrow(width) ? name.slice(0, 1) : name) }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: count }),
      barY(bars, { x: "name", y: "trips", fill: "year" }),
      ruleY([0], { stroke: "var(--ink-soft)" }),
    ],
  });
}

/** The busiest zones in the months of the filter, darker where there are more trips. */
function zoneTable(): Element {
  const counts = new Map<string, number>();
  for (const { zone, month, trips } of data.zones)
    if (isChosen(month, true)) counts.set(zone, (counts.get(zone) ?? 0) + trips);
  const rows = [...counts].sort(([, a], [, b]) => b - a).slice(0, 20);
  const most = rows[0]?.[1] ?? 1;
  const table = document.createElement("table");
  table.className = "heat";
  table.createCaption().textContent = "Trips by pick-up zone, the 20 busiest";
  for (const [zone, trips] of rows) {
    const row = table.insertRow();
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = zone;
    row.append(name);
    const cell = row.insertCell();
    cell.className = "n";
    cell.textContent = count(trips);
    cell.style.setProperty("--share", String(Math.round((trips / most) * 100)));
  }
  return table;
}
