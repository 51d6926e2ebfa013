/** The script of the page: draws the plots from the embedded data, and redraws a plot when its width changes. */
import type { ReportData } from "../data";
import { daysPlot } from "./days";
import { hoursPlot } from "./hours";
import { monthsPlot, paymentsPlot, rejectsPlot, zonesPlot } from "./bars";
import { timelinePlot } from "./timeline";

type Draw = (data: ReportData, width: number) => Element;

const plots: Readonly<Record<string, Draw>> = {
  timeline: timelinePlot,
  days: daysPlot,
  hours: hoursPlot,
  zones: zonesPlot,
  payments: paymentsPlot,
  months: monthsPlot,
  rejects: rejectsPlot,
};

// Embedded by the renderer in this page.
const data = JSON.parse(document.getElementById("data")?.textContent ?? "") as ReportData;

const observer = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) draw(target, Math.floor(contentRect.width));
});

for (const container of document.querySelectorAll("[data-plot]")) observer.observe(container);

const drawnAt = new WeakMap<Element, number>();

function draw(container: Element, width: number): void {
  const plot = plots[container.getAttribute("data-plot") ?? ""];
  if (plot === undefined || width === 0 || drawnAt.get(container) === width) return;
  drawnAt.set(container, width);
  container.replaceChildren(plot(data, width));
}
