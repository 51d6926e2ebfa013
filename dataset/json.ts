import { createHash } from "node:crypto";
import type { DatasetSpec } from "./dataset";
import { specError, validSpec } from "./validate";

/** Version of the JSON format. Increased when a reader of the old format would misread the new one. */
export const specVersion = 1;

/**
 * Version of the conversion. Increased when the same source would become other data: its periods are then converted
 * and loaded again.
 */
const conversionVersion = 2;

/** The specification as one line of JSON. Equal specifications give equal JSON. */
export function specToJson(spec: DatasetSpec): string {
  return JSON.stringify({ version: specVersion, ...spec });
}

/**
 * Reads the output of `specToJson`.
 *
 * @throws ConfigurationError when the text is not valid JSON, has another version, or is not a valid specification
 */
export function specFromJson(text: string): DatasetSpec {
  const { version, ...spec } = parsed(text);
  if (version !== specVersion) {
    const found = version === undefined ? "no version" : `version ${JSON.stringify(version)}`;
    throw specError(typeof spec.id === "string" ? spec.id : "without an id", [
      `version: the specification has ${found}, but this program supports version ${specVersion}; ` +
        "deploy the job's image and its specification from the same commit",
    ]);
  }
  return validSpec(spec);
}

/** Twelve hexadecimal digits that change when the source format, the columns or the handling of bad rows changes. */
export function specDigest({ source, columns, badRows, grain }: DatasetSpec): string {
  // URLs, descriptions and policies do not affect the data.
  const ignored = { url: undefined, description: undefined, policyTag: undefined };
  const content = JSON.stringify({
    specVersion,
    conversionVersion,
    grain,
    source: { ...source, ...ignored },
    columns: columns.map((column) => ({ ...column, ...ignored })),
    badRows,
  });
  return createHash("sha256").update(content).digest("hex").slice(0, 12);
}

function parsed(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw specError("without an id", [`specification: is not valid JSON: ${String(error)}`]);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw specError("without an id", ["specification: must be a JSON object"]);
  }
  return { ...value };
}
