import { axisX, axisY, cell, plot, pointer, tip } from "@observablehq/plot";
import type { HourAnswer } from "../../questions";
import type { ReportData } from "../data";
import { count, weekdayName, weekdays } from "../format";
import { common, isNarrow } from "./style";

/** Heat map of average trips by weekday and hour. */
export function hoursPlot({ answers: { hours } }: ReportData, width: number): Element {
  const most = Math.max(...hours.map((hour) => hour.trips));
  const shade = ({ trips }: HourAnswer) =>
    `color-mix(in oklab, var(--heat-high) ${((trips / most) * 100).toFixed(1)}%, var(--heat-low))`;
  const narrow = isNarrow(width);
  return plot({
    ...common(width, "Trips in an average hour, by weekday and hour of day"),
    height: narrow ? 210 : 270,
    marginLeft: 36,
    marginRight: 0,
    marginTop: 4,
    marginBottom: 26,
    x: { domain: Array.from({ length: 24 }, (_, hour) => hour), label: null, padding: 0.06 },
    y: { domain: [...weekdays], label: null, padding: 0.06 },
    marks: [
      axisX({
        tickSize: 0,
        tickFormat: (hour: number) => (hour % (narrow ? 6 : 3) === 0 ? `${hour}:00` : ""),
      }),
      axisY({ tickSize: 0 }),
      cell(hours, {
        x: "hour",
        y: (hour: HourAnswer) => weekdayName(hour.weekday),
        fill: { value: shade, scale: null },
        rx: 2,
      }),
      tip(
        hours,
        pointer({
          x: "hour",
          y: (hour: HourAnswer) => weekdayName(hour.weekday),
          title: (hour: HourAnswer) =>
            `${weekdayName(hour.weekday)} ${hour.hour}:00–${hour.hour + 1}:00\n${count(hour.trips)} trips on average`,
        }),
      ),
    ],
    color: { legend: false },
  });
}
