import { exitCodes } from "../../dataset";
import { asFailure } from "../../job/failure";
import { countText } from "../../job/text";
import type { NodeResult } from "./results";

/** What `--json` prints on the last line: the interface for other programs. */
export interface TransformSummary {
  readonly command: "build" | "docs" | "test";
  /** The periods that were replaced in incremental models; null for all of them. */
  readonly periods: readonly string[] | null;
  /** Whether anything was written. */
  readonly changed: boolean;
  readonly models: readonly NodeResult[];
  readonly tests: { readonly passed: number; readonly warned: number; readonly failed: number };
  /** Failed models and tests, and those that warn. */
  readonly failures: readonly NodeResult[];
  readonly seconds: number;
  readonly error?: { readonly kind: string; readonly exitCode: number; readonly message: string };
}

/** Why a run failed, from its models and tests; undefined if it did not. */
export function failureOf(results: readonly NodeResult[]) {
  const broken = results.find(({ status }) => status === "error");
  if (broken !== undefined)
    return asFailure(new Error(broken.message), "the warehouse").at(`${broken.kind} ${broken.name}`);
  const failed = results.filter(({ status }) => status === "failed");
  const [first] = failed;
  if (first === undefined) return undefined;
  const others = failed.length > 1 ? ` and ${countText(failed.length - 1, "other")}` : "";
  return {
    kind: "integrity",
    exitCode: exitCodes.integrity.code,
    message: `test ${first.name}${others}: ${first.message}`,
  } as const;
}
