import * as z from "zod/mini";
import type { Resource } from "./synthesis";
import { textAt } from "./values";

/** One statement of an AWS policy that allows something. */
export interface Allowance {
  /** The argument that contains the policy. */
  readonly attribute: string;
  /** Who is allowed: `*`, `accounts.google.com`. Empty for a policy that is attached to an identity. */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
}

const oneOrMore = z.union([z.string(), z.array(z.string())]);
const statement = z.object({
  Effect: z.string(),
  Action: z._default(oneOrMore, []),
  Principal: z._default(z.union([z.string(), z.record(z.string(), oneOrMore)]), {}),
});
/** AWS also accepts a single statement without a list. */
const policy = z.object({ Statement: z.union([statement, z.array(statement)]) });

/** The allowances in the JSON policies of an AWS resource. A string that is not a policy allows nothing. */
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

function statements(text: string | undefined): z.infer<typeof statement>[] {
  try {
    return [policy.safeParse(JSON.parse(text ?? "{}")).data?.Statement ?? []].flat();
  } catch {
    return [];
  }
}
