import { keyOf } from "../judge/rows";
import type { Report } from "../report";
import type { ResourceReference } from "../report/changes";
import { writtenJson } from "./json";
import { oneLine } from "./plain";
import { lossTitles, referenceText } from "./words";

/** Renders the report as SARIF 2.1.0, for annotations in the code. */
export function sarif(report: Report): string {
  const results = resultsOf(report);
  const used = new Set(results.map(({ ruleId }) => ruleId));
  return `${writtenJson({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "tributary-preview",
            rules: Object.entries(rules)
              .filter(([id]) => used.has(id))
              .map(([id, text]) => ({ id, shortDescription: { text } })),
          },
        },
        properties: { verdict: report.verdict, digest: report.digest, truth: report.truth },
        results,
      },
    ],
  })}\n`;
}

const rules: Readonly<Record<string, string>> = {
  "data-lost": "A change deletes data",
  "data-expires": "A change makes data expire",
  outage: "An in-place update interrupts a service",
  "access-broadened": "A change broadens access",
  "protection-weakened": "A change weakens a protection",
  "apply-stops": "The apply will or may fail",
  "stack-error": "A stack could not be planned",
  "check-failed": "A check fails",
  cause: "A file causes infrastructure changes",
  finding: "A finding of a guardrail or scanner",
};

interface Result {
  readonly ruleId: string;
  readonly level: "error" | "warning" | "note";
  readonly message: { readonly text: string };
  readonly locations: readonly object[];
}

function resultsOf(report: Report): Result[] {
  const sources = new Map(report.changes.map((change) => [keyOf(change), change.source[0]]));
  const allowed = new Set(report.guard.filter((entry) => entry.allowed).map(keyOf));
  const result = (ruleId: string, level: Result["level"], row: ResourceReference, text: string): Result => ({
    ruleId,
    level: level === "error" && allowed.has(keyOf(row)) ? "warning" : level,
    message: message(`${referenceText(row, true)}: ${text}`),
    locations: [location(row, sources.get(keyOf(row)))],
  });
  return [
    ...report.stacks
      .filter(({ status }) => status === "errored")
      .map(({ name, detail = "could not be planned" }): Result => ({
        ruleId: "stack-error",
        level: "error",
        message: message(`${name}: ${detail}`),
        locations: [logical(name)],
      })),
    ...report.losses.flatMap((loss) => {
      const text = `${lossTitles[loss.class]}: ${loss.reason}`;
      if (loss.class === "lost") return [result("data-lost", "error", loss, text)];
      if (loss.class === "expires") return [result("data-expires", "warning", loss, text)];
      return loss.class === "outage" ? [result("outage", "warning", loss, text)] : [];
    }),
    ...report.access.flatMap((change) =>
      change.broadening === undefined
        ? []
        : [
            result(
              "access-broadened",
              "error",
              change,
              `${change.who} on ${change.on}: ${change.broadening}`,
            ),
          ],
    ),
    ...report.protections
      .filter(({ kind }) => kind === "weakened")
      .map((change) => result("protection-weakened", "warning", change, change.what)),
    ...report.obstacles.map((obstacle) =>
      result(
        "apply-stops",
        obstacle.certainty === "certain" ? "error" : "warning",
        obstacle,
        `${obstacle.reason}; ${obstacle.remedy}`,
      ),
    ),
    ...report.checks.map(({ stack, address, problems }): Result => ({
      ruleId: "check-failed",
      level: "warning",
      message: message(`${stack}: ${[address, ...problems].join(": ")}`),
      locations: [logical(`${stack}/${address}`)],
    })),
    ...report.groups.flatMap(({ cause, title, members }): Result[] =>
      cause === undefined
        ? []
        : cause.split(" and ").map((file) => ({
            ruleId: "cause",
            level: "note",
            message: message(`${title}: ${members.length} changes`),
            locations: [physical(file)],
          })),
    ),
    ...report.findings.map(
      ({ tool, rule, level, message: text, stack = "", address = "", file, line }): Result => ({
        ruleId: "finding",
        level,
        message: message(`${tool} ${rule}: ${text}`),
        locations: [file === undefined ? logical(`${stack}/${address}`) : physical(file, line)],
      }),
    ),
  ];
}

/** Escapes brackets, which would create links. */
function message(text: string): { readonly text: string } {
  return { text: oneLine(text).replace(/[[\]\\]/g, "\\$&") };
}

/** Location in the code if known, and in the stack. */
function location(row: ResourceReference, frame: string | undefined): object {
  const [, file, line] = /^(.*?):(\d+)(?::\d+)?$/.exec(frame ?? "") ?? [];
  const place = logical(`${row.stack}/${row.address}`);
  return file === undefined ? place : { ...physical(file, Number(line)), ...place };
}

function physical(file: string, line?: number): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: encodeURI(file) },
      region: { startLine: line ?? 1 },
    },
  };
}

function logical(fullyQualifiedName: string): object {
  return { logicalLocations: [{ fullyQualifiedName: oneLine(fullyQualifiedName), kind: "resource" }] };
}
