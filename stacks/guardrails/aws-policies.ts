import * as z from "zod/mini";
import type { Resource } from "./platform";
import { textAt } from "./values";

/** What a policy of AWS lets someone do. */
export interface Allowance {
  /** The setting that holds the policy. */
  readonly attribute: string;
  /** Who: `*`, `accounts.google.com`; none where the policy belongs to whoever holds it. */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
}

const oneOrMore = z.union([z.string(), z.array(z.string())]);
const policy = z.object({
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Action: z._default(oneOrMore, []),
      Principal: z._default(z.union([z.string(), z.record(z.string(), oneOrMore)]), {}),
    }),
  ),
});

/** AWS writes its policies as JSON in a text; what is no such text allows nothing that is known here. */
export function allowances({ type, values }: Resource): Allowance[] {
  if (!type.startsWith("aws_")) return [];
  return ["policy", "assume_role_policy"].flatMap((attribute) =>
    statements(textAt(values, attribute))
      .filter(({ Effect }) => Effect === "Allow")
      .map(({ Action, Principal }) => ({
        attribute,
        principals: typeof Principal === "string" ? [Principal] : Object.values(Principal).flat(),
        actions: [Action].flat(),
      })),
  );
}

function statements(text: string | undefined): z.infer<typeof policy>["Statement"] {
  try {
    return policy.safeParse(JSON.parse(text ?? "{}")).data?.Statement ?? [];
  } catch {
    return [];
  }
}
