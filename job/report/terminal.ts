import type { SingleBar } from "cli-progress";
import { progressBar } from "./bar";
import type { Progress, Reporter, StepOutcome } from "./reporter";
import { bytesText, countText, secondsText } from "../text";

/** Shows a run on a terminal (standard error): one line per step, and a progress bar for the current one. */
export function terminal(stream: NodeJS.WriteStream): Reporter {
  let bar: { readonly step: string; readonly view: SingleBar; readonly started: number } | undefined;
  let heading = "";

  const clear = () => {
    bar?.view.stop();
    bar = undefined;
  };
  const line = (text: string) => {
    clear();
    stream.write(`${text}\n`);
  };
  const head = ({ dataset, period }: Pick<StepOutcome, "dataset" | "period">) => {
    const text = `${dataset} ${period}`;
    if (text !== heading) line(text);
    heading = text;
  };

  return {
    started: () => undefined,
    progress: (step, progress) => {
      head(step);
      if (bar?.step !== step.step) {
        clear();
        bar = { step: step.step, view: newBar(stream, step.step, progress), started: performance.now() };
      }
      const seconds = (performance.now() - bar.started) / 1000;
      bar.view.update(Math.min(progress.done, progress.total ?? progress.done), {
        figures: figures(progress, seconds),
      });
    },
    finished: (outcome) => {
      head(outcome);
      const mark = outcome.changed ? "✓" : "·";
      line(
        `  ${mark} ${outcome.step.padEnd(10)} ${secondsText(outcome.seconds).padStart(8)}  ${outcome.detail}`,
      );
    },
    warning: (message) => {
      line(`  ! ${message}`);
    },
    info: line,
    failed: (message) => {
      line(`✗ ${message}`);
    },
    close: clear,
  };
}

function newBar(stream: NodeJS.WriteStream, step: string, { total, done }: Progress): SingleBar {
  const start = { total: total ?? Math.max(done, 1) * 2, done, values: { figures: "" } };
  return progressBar(stream, `${step.padEnd(10)} {bar} {figures}`, start, { stopOnComplete: true });
}

/** `34.1 MB of 120 MB, 85.0 MB/s, 1.01 s left` */
function figures({ done, total, unit }: Progress, seconds: number): string {
  const text = unit === "bytes" ? bytesText : (count: number) => countText(Math.round(count), "row");
  const parts = [total === undefined ? text(done) : `${text(done)} of ${text(total)}`];
  // A rate over the first moments is meaningless.
  if (seconds > 0.3) {
    const rate = done / seconds;
    parts.push(`${text(rate)}/s`);
    if (total !== undefined) parts.push(`${secondsText((total - done) / rate)} left`);
  }
  return parts.join(", ");
}
