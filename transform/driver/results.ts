import { readFile } from "node:fs/promises";
import * as z from "zod/mini";
import { oneLine } from "../../errors/one-line";

/** What became of a model or test. */
export interface NodeResult {
  readonly kind: "model" | "test";
  /** `fact_trips` */
  readonly name: string;
  readonly status: "passed" | "warned" | "failed" | "error" | "skipped";
  readonly seconds: number;
  /** Why it failed, in one line; empty if it did not. */
  readonly message: string;
}

/**
 * Reads dbt's `run_results.json`.
 *
 * @returns undefined if dbt did not get as far as to write one
 * @throws Error when the file has another format
 */
export async function readResults(file: string): Promise<readonly NodeResult[] | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  return shape.parse(JSON.parse(text)).results.flatMap((result) => {
    const [kind, , name] = result.unique_id.split(".");
    if ((kind !== "model" && kind !== "test" && kind !== "unit_test") || name === undefined) return [];
    const status = statuses[result.status];
    return [
      {
        kind: kind === "model" ? kind : "test",
        name: kind === "unit_test" ? result.unique_id.split(".").slice(2).join(".") : name,
        status,
        seconds: result.execution_time,
        message: status === "passed" ? "" : oneLine(result.message ?? ""),
      } as const,
    ];
  });
}

/** dbt's words for the result of a node. */
const statuses = {
  success: "passed",
  pass: "passed",
  "no-op": "passed",
  warn: "warned",
  fail: "failed",
  error: "error",
  "runtime error": "error",
  "partial success": "error",
  skipped: "skipped",
} as const;

const shape = z.object({
  results: z.array(
    z.object({
      unique_id: z.string(),
      status: z.enum([
        ...(["success", "pass", "no-op", "warn", "fail", "error"] as const),
        ...(["runtime error", "partial success", "skipped"] as const),
      ]),
      execution_time: z.number(),
      message: z.nullable(z.string()),
    }),
  ),
});
