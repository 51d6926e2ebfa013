import type { SingleBar } from "cli-progress";
import { progressBar } from "../../job/report/bar";
import { secondsText } from "../../job/text";
import type { DbtEvent } from "./dbt";

/** Shows a run: one line per model and failed test, and on a terminal a bar for what is running. */
export interface Progress {
  /** Packages that are being installed. */
  readonly installing: (done: number, total: number) => void;
  readonly node: (event: DbtEvent) => void;
  readonly line: (text: string) => void;
  readonly close: () => void;
}

/** Progress on standard error. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  let bar: SingleBar | undefined;
  const clear = () => {
    bar?.stop();
    bar = undefined;
  };
  const line = (text: string) => {
    clear();
    stream.write(`${text}\n`);
  };
  const show = (what: string, done: number, total: number) => {
    if (!stream.isTTY) return;
    bar ??= progressBar(stream, "{bar} {value} of {total}  {what}", { total, values: { what: "" } });
    bar.update(Math.min(done, total), { what });
  };
  return {
    installing: (done, total) => {
      show("packages", done, total);
    },
    node: ({ kind, name, index, total, seconds, holds }) => {
      if (seconds === undefined) show(name, index - 1, total);
      else if (kind === "model" || !holds)
        line(`  ${holds ? "✓" : "✗"} ${name.padEnd(30)} ${secondsText(seconds).padStart(8)}`);
    },
    line,
    close: clear,
  };
}
