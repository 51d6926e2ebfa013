import { axisY, barX, plot, ruleX, text } from "@observablehq/plot";
import type { MonthAnswer, PaymentAnswer, ZoneAnswer } from "../../questions";
import type { ReportData } from "../data";
import { count, monthName, percent, roundDollars } from "../format";
import { colors, common } from "./style";

interface Bar {
  readonly name: string;
  readonly value: number;
  readonly label: string;
}

/** Horizontal bars, each labeled with its value. */
function barsPlot(bars: readonly Bar[], width: number, label: string, fill: string): Element {
  const names = Math.min(width * 0.46, 7.2 * Math.max(...bars.map((bar) => bar.name.length)) + 8);
  const most = Math.max(...bars.map((bar) => bar.value));
  return plot({
    ...common(width, label),
    height: bars.length * 26 + 4,
    marginLeft: names,
    marginRight: 64,
    marginTop: 2,
    marginBottom: 2,
    x: { domain: [0, most], axis: null },
    y: { domain: bars.map((bar) => bar.name), label: null, padding: 0.28 },
    marks: [
      axisY({ tickSize: 0, lineWidth: names / 12.5, textOverflow: "ellipsis-end" }),
      barX(bars, { x: "value", y: "name", fill, rx2: 3, insetRight: 0 }),
      ruleX([0], { stroke: colors.text }),
      text(bars, { x: "value", y: "name", text: "label", textAnchor: "start", dx: 6, fill: colors.text }),
    ],
  });
}

export function zonesPlot({ answers: { zones } }: ReportData, width: number): Element {
  const bars = zones.map((zone: ZoneAnswer) => ({
    name: zone.zone,
    value: zone.revenue,
    label: roundDollars(zone.revenue),
  }));
  return barsPlot(bars, width, "Revenue by pick-up zone", colors.main);
}

export function paymentsPlot({ answers: { payments } }: ReportData, width: number): Element {
  const all = payments.reduce((sum, payment) => sum + payment.trips, 0);
  const bars = payments.map((payment: PaymentAnswer) => ({
    name: payment.payment,
    value: payment.trips,
    label: percent(payment.trips / all),
  }));
  return barsPlot(bars, width, "Share of trips by payment type", colors.main);
}

export function monthsPlot({ answers: { months } }: ReportData, width: number): Element {
  const bars = months.map((month: MonthAnswer) => ({
    name: monthName(month.month),
    value: month.revenue,
    label: roundDollars(month.revenue),
  }));
  return barsPlot(bars, width, "Revenue by month", colors.main);
}

export function rejectsPlot({ rejects }: ReportData, width: number): Element {
  const counts = new Map<string, number>();
  for (const { column } of rejects) {
    const name = column ?? "whole line";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const bars = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, value]) => ({ name, value, label: count(value) }));
  return barsPlot(bars, width, "Rejected rows by column", colors.alert);
}
