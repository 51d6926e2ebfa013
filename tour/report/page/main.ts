/** The script of the page: draws the plots from the data in it, again whenever the room for one changes. */
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

// Written by our own renderer into this very page.
const data = JSON.parse(document.getElementById("data")?.textContent ?? "") as ReportData;

const observer = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) draw(target, Math.floor(contentRect.width));
});

for (const room of document.querySelectorAll("[data-plot]")) observer.observe(room);

const drawnAt = new WeakMap<Element, number>();

function draw(room: Element, width: number): void {
  const plot = plots[room.getAttribute("data-plot") ?? ""];
  if (plot === undefined || width === 0 || drawnAt.get(room) === width) return;
  drawnAt.set(room, width);
  room.replaceChildren(plot(data, width));
}
