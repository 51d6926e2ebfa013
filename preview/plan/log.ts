import { isObject, type Json, objectOf, textOf } from "../json";

/** Whether a text is the output of `terraform plan -json`: one JSON object per line. */
export function isLog(text: string): boolean {
  return linesOf(text).some(({ "@level": level, type }) => level !== undefined && type !== undefined);
}

/** The errors in a log, one sentence each; empty if the text is not a log. */
export function errorsOf(log: string): string[] {
  return linesOf(log).flatMap(({ type, diagnostic }) => {
    const { severity, summary, detail, address } = objectOf(diagnostic);
    if (type !== "diagnostic" || severity !== "error") return [];
    return [
      [textOf(address), textOf(summary), textOf(detail)?.replace(/\s+/g, " ")]
        .filter((part) => part !== undefined && part !== "")
        .join(": "),
    ];
  });
}

function linesOf(text: string) {
  return text.split(/\r?\n/).flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      const value = JSON.parse(line) as Json;
      return isObject(value) ? [value] : [];
    } catch {
      return [];
    }
  });
}
