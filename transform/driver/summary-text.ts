import { countText, secondsText } from "../../job/text";
import type { TransformSummary } from "./outcome";

/** The result of a run for people. */
export function summaryText({ command, models, tests, failures, seconds, error }: TransformSummary): string {
  const lines = failures.map(({ kind, name, status, message }) => {
    const mark = status === "warned" ? "!" : "✗";
    return `${mark} ${kind} ${name}: ${message}`;
  });
  const known = error !== undefined && failures.length > 0;
  if (error !== undefined && !known) lines.push(`✗ ${error.message}`);
  if (models.length > 0 || tests.passed > 0) {
    const built = models.filter(({ status }) => status === "passed").length;
    const parts = [
      ...(command === "build" ? [`${built} of ${countText(models.length, "model")} built`] : []),
      `${countText(tests.passed, "test")} passed`,
      ...(tests.warned > 0 ? [`${tests.warned} warned`] : []),
      ...(tests.failed > 0 ? [`${tests.failed} failed`] : []),
    ];
    lines.push(`${parts.join(", ")} in ${secondsText(seconds)}.`);
  }
  return lines.join("\n");
}
