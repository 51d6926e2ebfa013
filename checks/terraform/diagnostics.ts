import * as z from "zod/mini";

/** A diagnostic of Terraform about a stack. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  /** `google_storage_bucket.lake`, or the position in the file. @default - applies to the whole stack */
  readonly where?: string;
}

const diagnostic = z.object({
  severity: z.enum(["error", "warning"]),
  summary: z.string(),
  detail: z._default(z.string(), ""),
  address: z.optional(z.string()),
  snippet: z.nullish(z.object({ context: z.nullish(z.string()) })),
});
const validation = z.object({ diagnostics: z.array(diagnostic) });
const line = z.looseObject({ type: z.string(), diagnostic: z.optional(diagnostic) });
const summary = z.object({ changes: z.object({ add: z.int(), change: z.int(), remove: z.int() }) });

/** @param stdout output of `terraform validate -json` */
export function validateDiagnostics(stdout: string): Diagnostic[] {
  return validation.parse(JSON.parse(stdout)).diagnostics.map(read);
}

/** @param stdout output of `terraform plan -json`: one JSON object per line */
export function planned(stdout: string): { diagnostics: Diagnostic[]; add: number | undefined } {
  const lines = stdout
    .split("\n")
    .filter((text) => text.startsWith("{"))
    .map((text) => line.parse(JSON.parse(text)));
  const last = lines.find(({ type }) => type === "change_summary");
  return {
    diagnostics: lines.flatMap((one) => (one.diagnostic === undefined ? [] : [read(one.diagnostic)])),
    add: last === undefined ? undefined : summary.parse(last).changes.add,
  };
}

/** Removes duplicates: plan repeats the diagnostics of validate. */
export function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((one) => [JSON.stringify(one), one])).values()];
}

function read({ severity, summary, detail, address, snippet }: z.infer<typeof diagnostic>): Diagnostic {
  // The context is more specific than the address: `resource.google_bigquery_table.trips.time_partitioning`.
  const where = snippet?.context?.replace(/^resource\./, "") ?? address;
  return { severity, summary, detail, ...(where !== undefined && { where }) };
}
