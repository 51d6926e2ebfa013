import { DefaultTokenResolver, StringConcat, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";

/**
 * The value as JSON, with its tokens replaced by the expressions that Terraform gets. Two values are the same to
 * Terraform if their texts are equal; the tokens of cdktf differ from one read of an attribute to the next.
 */
export function resolvedJson(scope: IConstruct, value: unknown): string {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return JSON.stringify(Tokenization.resolve(value, { scope, resolver, preparing: false }));
}
