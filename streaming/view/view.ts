import type { SingleBar } from "cli-progress";
import { progressBar } from "../../job/report/bar";

/** Shows what a command does: lines, and on a terminal a bar or a panel below them for what is going on. */
export interface View {
  readonly line: (text: string) => void;
  /** A bar for something that takes a while. */
  readonly bar: (what: string, done: number, total: number, figures: string) => void;
  /** Lines that are replaced each time; not shown unless this is a terminal. */
  readonly panel: (lines: readonly string[]) => void;
  /** Removes bar and panel. */
  readonly close: () => void;
  /** Width in characters, if this is a terminal. */
  readonly width: number | undefined;
}

/** A view on standard error. */
export function viewOn(stream: NodeJS.WriteStream): View {
  let bar: SingleBar | undefined;
  let height = 0;
  const clear = () => {
    bar?.stop();
    bar = undefined;
    if (height > 0) stream.write(`\u001b[${height}A\u001b[J\u001b[?25h`);
    height = 0;
  };
  return {
    width: stream.isTTY ? stream.columns : undefined,
    line: (text) => {
      clear();
      stream.write(`${text}\n`);
    },
    bar: (what, done, total, figures) => {
      if (!stream.isTTY) return;
      bar ??= progressBar(stream, "{what} {bar} {figures}", { total, values: { what: "", figures: "" } });
      bar.update(Math.min(done, total), { what, figures });
    },
    panel: (lines) => {
      if (!stream.isTTY) return;
      // In one write, and without clearing the screen first: it does not flicker.
      const up = height > 0 ? `\u001b[${height}A` : "\u001b[?25l";
      const fitting = lines.slice(0, stream.rows - 1);
      stream.write(`${up}${fitting.map((line) => `${line}\u001b[K\n`).join("")}\u001b[J`);
      height = fitting.length;
    },
    close: clear,
  };
}
