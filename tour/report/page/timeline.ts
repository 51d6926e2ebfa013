import { axisX, axisY, barX, gridX, plot, text } from "@observablehq/plot";
import { stepNames, type StepName } from "../../../job/records";
import { secondsText } from "../../../job/text";
import type { ReportData, StepBar } from "../data";

import { colors, common, isNarrow } from "./style";

/** One bar per step from start to end, grouped by month. */
export function timelinePlot({ steps }: ReportData, width: number): Element {
  const end = Math.max(...steps.map((bar) => bar.start + bar.seconds));
  const months = new Set(steps.map((bar) => bar.period)).size;
  const narrow = isNarrow(width);
  const place = { y: "step", fy: "period" } as const;
  return plot({
    ...common(width, "Steps of each month on a common time axis, in seconds"),
    height: months * 128 + 34,
    marginLeft: 74,
    marginRight: narrow ? 4 : 60,
    marginTop: 14,
    marginBottom: 22,
    // Space at the right for the label of the last bar.
    x: { domain: [0, end * 1.12], label: null },
    y: { domain: [...stepNames], label: null, padding: 0.24 },
    fy: { label: null, padding: 0.2, axis: null },
    marks: [
      gridX({ stroke: colors.line, strokeOpacity: 1 }),
      axisX({ anchor: "bottom", tickSize: 0, tickFormat: (value: number) => `${value} s` }),
      axisY({ tickSize: 0 }),
      barX(steps, {
        ...place,
        x1: "start",
        x2: (bar: StepBar) => Math.max(bar.start + bar.seconds, bar.start + end / 400),
        fill: (bar: StepBar) => stepColors[bar.step],
        rx: 2,
      }),
      text(steps, {
        ...place,
        x: (bar: StepBar) => bar.start + bar.seconds,
        text: (bar: StepBar) => secondsText(bar.seconds),
        textAnchor: "start",
        dx: 5,
        fill: colors.text,
        fontSize: 11,
      }),
      text([...new Set(steps.map((bar) => bar.period))], {
        fy: (period: string) => period,
        text: (period: string) => period,
        frameAnchor: "top-left",
        dx: -74,
        dy: -16,
        fontWeight: 600,
        fill: "var(--ink)",
      }),
    ],
  });
}

const stepColors: Record<StepName, string> = {
  extract: "var(--step-1)",
  parquetize: "var(--step-2)",
  publish: "var(--step-3)",
  warehouse: "var(--step-4)",
  database: "var(--step-5)",
  verify: "var(--step-6)",
};
