import { createHash } from "node:crypto";
import type { DatasetSpec } from "./dataset";
import { specError, validSpec } from "./validate";

/** Version of the JSON form. It changes when a reader of the old form would misread the new one. */
export const specVersion = 1;

/**
 * Version of what is made of a source under a specification. It changes when the same source would become other data:
 * its periods are then converted and loaded again.
 */
const conversionVersion = 2;

/** The specification as one line of JSON, the same for the same specification. */
export function specToJson(spec: DatasetSpec): string {
  return JSON.stringify({ version: specVersion, ...spec });
}

/**
 * Reads what `specToJson` wrote.
 *
 * @throws ConfigurationError when the text is no JSON, of another version, or no valid specification
 */
export function specFromJson(text: string): DatasetSpec {
  const { version, ...spec } = parsed(text);
  if (version !== specVersion) {
    const found = version === undefined ? "no version" : `version ${JSON.stringify(version)}`;
    throw specError(typeof spec.id === "string" ? spec.id : "without an id", [
      `version: the specification has ${found}, this program reads version ${specVersion}; ` +
        "deploy the job's image and its specification from one commit",
    ]);
  }
  return validSpec(spec);
}

/** Twelve hexadecimal digits that change when anything that shapes the data changes: source format, columns, bad rows. */
export function specDigest({ source, columns, badRows, grain }: DatasetSpec): string {
  // Where a file comes from and what its columns are said to mean do not change what is made of it.
  const meaningless = { url: undefined, description: undefined };
  const content = JSON.stringify({
    specVersion,
    conversionVersion,
    grain,
    source: { ...source, ...meaningless },
    columns: columns.map((column) => ({ ...column, ...meaningless })),
    badRows,
  });
  return createHash("sha256").update(content).digest("hex").slice(0, 12);
}

function parsed(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw specError("without an id", [`specification: is not JSON: ${String(error)}`]);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw specError("without an id", ["specification: must be a JSON object"]);
  }
  return { ...value };
}
