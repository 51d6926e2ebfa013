/** A way to do the work, and what it takes. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Whether it is this project's. */
  readonly isOurs: boolean;
}

/** Bars with a common scale. */
export interface BarGroup {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly Bar[];
}

const width = 720;
const nameWidth = 250;
const valueWidth = 70;
const barHeight = 18;
const lineHeight = 26;
const titleHeight = 40;

/** A chart of horizontal bars as SVG; it needs no fonts, scripts or colors of the page around it. */
export function barChart(groups: readonly BarGroup[]): string {
  let y = 10;
  const parts = groups.flatMap((group) => {
    const most = Math.max(...group.bars.map(({ value }) => value));
    const title = text(0, y + 18, `${group.title}, ${group.unit}`, 'font-weight="600"');
    y += titleHeight;
    const bars = group.bars.flatMap(({ name, value, isOurs }) => {
      const length = (value / most) * (width - nameWidth - valueWidth);
      const top = y;
      y += lineHeight;
      const middle = top + barHeight - 4;
      return [
        text(nameWidth - 10, middle, name, 'text-anchor="end"'),
        `<rect x="${nameWidth}" y="${top}" width="${length.toFixed(1)}" height="${barHeight}" rx="2" fill="${isOurs ? "#0b7285" : "#adb5bd"}"/>`,
        text(nameWidth + length + 8, middle, value.toFixed(value < 10 ? 2 : 1)),
      ];
    });
    y += 14;
    return [title, ...bars];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" font-family="system-ui, sans-serif" font-size="13">`,
    `<rect width="${width}" height="${y}" fill="#ffffff"/>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

function text(x: number, y: number, content: string, attributes = ""): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x.toFixed(1)}" y="${y}" fill="#212529" ${attributes}>${escaped}</text>`;
}
