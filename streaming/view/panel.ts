import { countText } from "../../job/text";
import type { Produced } from "../produce/produce";
import type { Ride } from "../ride";
import type { Windows } from "../windows";

/** What the panel of a replay shows. */
export interface PanelState {
  readonly produced: Produced;
  /** Number of rides to send. */
  readonly total: number;
  readonly windows: Windows;
  /** The last rides, the latest first. */
  readonly recent: readonly Ride[];
  readonly perSecond: number;
}

const minuteMs = 60_000;
const levels = "▁▂▃▄▅▆▇█";

/** The panel of a replay, as lines of at most `width` characters. */
export function panelLines(
  { produced, total, windows, recent, perSecond }: PanelState,
  width: number,
): readonly string[] {
  const done = produced.sent + produced.skipped;
  const minutes = Math.max(10, Math.min(60, width - 34));
  const last = Math.floor(produced.clock / minuteMs) * minuteMs;
  const starts = Array.from({ length: minutes }, (_, index) =>
    startText(last - (minutes - 1 - index) * minuteMs),
  );
  const share = windows.rides === 0 ? 0 : windows.from40 / windows.rides;
  const lines = [
    "",
    `${bold(timeText(produced.clock))} ${dim("in New York")}`,
    "",
    `${barText(done / Math.max(total, 1), 30)}  ${done.toLocaleString("en-US")} of ${countText(total, "ride")}, ${Math.round(perSecond).toLocaleString("en-US")}/s`,
    "",
    dim(`rides per minute, the last ${minutes} minutes`),
    ...[1, 2].map((vendor) => {
      const counts = starts.map((start) => windows.get(vendor, start)?.rides ?? 0);
      const sum = counts.reduce((total_, count) => total_ + count, 0);
      return `  vendor ${vendor}  ${color(vendor)(sparkline(counts))}  ${countText(sum, "ride")}`;
    }),
    "",
    `from 40 dollars up  ${barText(share, 20)}  ${countText(windows.from40, "ride")}, ${(share * 100).toFixed(1)} %`,
    "",
    dim("the last rides"),
    ...recent.map(rideText),
    "",
    dim("Ctrl-C stops; the same command continues where the topic ends"),
  ];
  return lines.map((line) => cut(line, width));
}

/** Heights of bars, the highest count at the top. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts
    .map((count) => (count === 0 ? " " : (levels[Math.ceil((count / most) * levels.length) - 1] ?? "")))
    .join("");
}

function barText(share: number, width: number): string {
  const full = Math.round(Math.min(1, share) * width);
  return `${"█".repeat(full)}${dim("░".repeat(width - full))}`;
}

function rideText({ pickup_datetime, vendor_id, total_amount, trip_distance }: Ride): string {
  const amount = `$${(total_amount ?? 0).toFixed(2)}`.padStart(9);
  const text = `  ${pickup_datetime.slice(11)}  vendor ${vendor_id ?? "-"}  ${(trip_distance ?? 0).toFixed(1).padStart(5)} mi  ${amount}`;
  return (total_amount ?? 0) >= 40 ? bold(text) : text;
}

function startText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}

function timeText(ms: number): string {
  if (ms === 0) return "-";
  return new Date(ms).toLocaleString("en-US", {
    ...{ timeZone: "UTC", weekday: "long", month: "long", day: "numeric", year: "numeric" },
    ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  });
}

/** At most `width` visible characters; escape sequences have no width. */
function cut(line: string, width: number): string {
  let visible = 0;
  return line.replace(pieces, (piece) => {
    if (piece.startsWith(escape)) return piece;
    visible += 1;
    return visible <= width ? piece : "";
  });
}

const escape = "\u001b";
/** An escape sequence, or a character. */
const pieces = new RegExp(`${escape}\\[[\\d;]*m|.`, "gsu");
const styled = (code: number) => (text: string) => `${escape}[${code}m${text}${escape}[0m`;
const bold = styled(1);
const dim = styled(2);
const color = (vendor: number) => styled(vendor === 1 ? 36 : 33);
