import * as z from "zod/mini";

/** The parts of the output of `terraform plan -json` that show whether a state matches the configuration. */
export interface PlanLog {
  /** Resources with errors. */
  readonly refused: readonly string[];
  /** Whether the plan failed. */
  readonly errored: boolean;
  /** Resources and outputs that the plan changes; empty if the state matches the configuration. */
  readonly changed: readonly string[];
}

const line = z.looseObject({
  "@level": z.string(),
  type: z.string(),
  diagnostic: z.optional(z.looseObject({ address: z.optional(z.string()) })),
  change: z.optional(z.looseObject({ resource: z.looseObject({ addr: z.string() }), action: z.string() })),
  outputs: z.optional(z.record(z.string(), z.looseObject({ action: z.optional(z.string()) }))),
});

export function readPlanLog(log: string): PlanLog {
  const lines = log.split("\n").flatMap((text) => {
    if (!text.startsWith("{")) return [];
    const read = line.safeParse(JSON.parse(text));
    return read.success ? [read.data] : [];
  });
  const errors = lines.filter((one) => one["@level"] === "error");
  return {
    refused: errors.flatMap(({ diagnostic }) => diagnostic?.address ?? []),
    errored: errors.length > 0,
    changed: lines.flatMap(({ type, change, outputs = {} }) => {
      if (type === "planned_change" && change !== undefined && !quiet(change.action))
        return [change.resource.addr];
      return Object.entries(outputs)
        .filter(([, { action }]) => type === "outputs" && action !== undefined && !quiet(action))
        .map(([name]) => `output.${name}`);
    }),
  };
}

function quiet(action: string): boolean {
  return action === "noop" || action === "no-op" || action === "read";
}
