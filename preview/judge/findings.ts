import { PreviewInputError } from "../input-error";
import { arrayOf, type Json, objectOf, textOf } from "../json";
import type { Finding } from "../report/assessment";

/**
 * Returns the findings in SARIF, without suppressed ones.
 *
 * @throws PreviewInputError if the text is not SARIF
 */
export function findingsIn(sarif: string): Finding[] {
  return arrayOf(runsIn(sarif)).flatMap((entry) => {
    const run = objectOf(entry);
    const tool = textOf(objectOf(objectOf(run["tool"])["driver"])["name"]) ?? "scanner";
    return arrayOf(run["results"]).flatMap((result) => findingOf(tool, objectOf(result)));
  });
}

function runsIn(sarif: string): Json | undefined {
  try {
    const runs = objectOf(JSON.parse(sarif.replace(/^\ufeff/, "")) as Json)["runs"];
    if (runs !== undefined) return runs;
  } catch {
    // Invalid JSON is not SARIF either.
  }
  throw new PreviewInputError("is not valid SARIF: it has no runs");
}

function findingOf(tool: string, result: ReturnType<typeof objectOf>): Finding[] {
  if (arrayOf(result["suppressions"]).length > 0 || result["kind"] === "pass") return [];
  const location = objectOf(arrayOf(result["locations"])[0]);
  const physical = objectOf(location["physicalLocation"]);
  const file = textOf(objectOf(physical["artifactLocation"])["uri"]);
  const line = objectOf(physical["region"])["startLine"];
  const address = textOf(objectOf(arrayOf(location["logicalLocations"])[0])["fullyQualifiedName"]);
  const level = textOf(result["level"]);
  return [
    {
      tool,
      rule: textOf(result["ruleId"]) ?? "",
      level: level === "error" || level === "note" ? level : "warning",
      message: textOf(objectOf(result["message"])["text"]) ?? "",
      ...(address !== undefined && { address }),
      ...(file !== undefined && { file }),
      ...(typeof line === "number" && { line }),
    },
  ];
}
