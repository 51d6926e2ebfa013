import type { PlotOptions } from "@observablehq/plot";

/** Whether a plot should minimize its margins. */
export function isNarrow(width: number): boolean {
  return width < 520;
}

/** Options of all plots. Colors are CSS variables of the page, so they follow the light or dark color scheme. */
export function common(width: number, label: string): PlotOptions {
  return {
    width,
    ariaLabel: label,
    style: { fontFamily: "inherit", fontSize: "12px", background: "transparent", overflow: "visible" },
  };
}

export const colors = {
  main: "var(--blue)",
  quiet: "var(--blue-soft)",
  text: "var(--ink-soft)",
  line: "var(--rule)",
  alert: "var(--amber)",
} as const;
