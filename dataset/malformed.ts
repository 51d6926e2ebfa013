import { ConfigurationError } from "../errors/faults";
import { suggestion } from "../errors/near";
import { grains } from "./period";

/**
 * Refuses what is not even an object of the right form: defaults cannot be applied to it. The catalog is not type-checked
 * when a command runs.
 *
 * @throws ConfigurationError listing every fault with its field and what was found
 */
export function refuseMalformed(props: unknown): void {
  if (!isObject(props))
    throw new ConfigurationError("data set without an id", [
      `specification: ${shown(props)} must be an object`,
    ]);
  const { id, columns, grain } = props;
  const faults = [
    ...[
      "source",
      ...["schedule", "partition", "badRows", "shrink"].filter((field) => props[field] !== undefined),
    ]
      .filter((field) => !isObject(props[field]))
      .map((field) => `${field}: ${shown(props[field])}`),
    ...(Array.isArray(columns)
      ? columns.flatMap((column: unknown, index) =>
          isObject(column) ? [] : [`columns.${index}: ${shown(column)}`],
        )
      : []),
  ].map((fault) => `${fault} must be an object`);
  const known: readonly string[] = grains;
  if (typeof grain !== "string" || !known.includes(grain))
    faults.push(
      `grain: ${shown(grain)} must be one of ${known.join(", ")}${typeof grain === "string" ? suggestion(grain, known) : ""}`,
    );
  if (!Array.isArray(columns)) faults.push(`columns: ${shown(columns)} must be an array`);
  if (faults.length > 0)
    throw new ConfigurationError(`data set ${typeof id === "string" ? id : "without an id"}`, faults);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === undefined) return "is missing;";
  return typeof value === "function" ? "a function" : JSON.stringify(value).slice(0, 60);
}
