import { axisX, axisY, gridY, plot, pointerX, rectY, ruleY, text, tip } from "@observablehq/plot";
import type { DayAnswer } from "../../questions";
import type { ReportData } from "../data";
import { count, dayName, dollars } from "../format";
import { colors, common, isNarrow } from "./style";

/** Trips per day as bars, with weekends in a lighter color. */
export function daysPlot({ answers: { days } }: ReportData, width: number): Element {
  const time = (day: DayAnswer) => new Date(`${day.day}T00:00:00Z`);
  const isWeekend = (day: DayAnswer) => [0, 6].includes(time(day).getUTCDay());
  const months = days.filter(({ day }) => day.endsWith("-01")).map(time);
  return plot({
    ...common(width, "Trips per day"),
    height: isNarrow(width) ? 220 : 280,
    marginLeft: 40,
    marginRight: 4,
    marginTop: 24,
    x: { type: "utc", label: null },
    y: { label: null },
    marks: [
      gridY({ stroke: colors.line, strokeOpacity: 1, ticks: 4 }),
      axisX(months, { tickSize: 0, tickFormat: isNarrow(width) ? "%b" : "%B %Y", textAnchor: "start" }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: count }),
      rectY(days, {
        x: time,
        interval: "day",
        y: "trips",
        fill: (day: DayAnswer) => (isWeekend(day) ? colors.quiet : colors.main),
        inset: width / days.length > 6 ? 0.75 : 0.25,
      }),
      ruleY([0], { stroke: colors.text }),
      text(["weekends are lighter"], {
        frameAnchor: "top-right",
        dy: -18,
        fill: colors.text,
      }),
      tip(
        days,
        pointerX({
          x: time,
          y: "trips",
          title: (day: DayAnswer) =>
            `${dayName(day.day)}\n${count(day.trips)} trips\n${dollars(day.revenue)}`,
        }),
      ),
    ],
  });
}
