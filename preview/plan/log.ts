import { isObject, type Json, objectOf, textOf } from "../json";

/** Whether a text is what `terraform plan -json` prints: one JSON object a line. */
export function isLog(text: string): boolean {
  return linesOf(text).some(({ "@level": level, type }) => level !== undefined && type !== undefined);
}

/** The errors that a log reports, each in one sentence; empty where the text is no log. */
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
