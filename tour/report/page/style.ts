import type { PlotOptions } from "@observablehq/plot";

/** Below this width a plot spends as little as it can on margins. */
export function isNarrow(width: number): boolean {
  return width < 520;
}

/** What all plots have in common. Colors are the page's own, so that they follow light and dark by themselves. */
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
