import {
  DefaultTokenResolver,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  StringConcat,
  TerraformStack,
  Tokenization,
} from "cdktf";
import type { IConstruct } from "constructs";

/**
 * The value as JSON, with its tokens replaced by the expressions that Terraform gets. Two values are the same to
 * Terraform if their texts are equal; the tokens of cdktf differ from one read of an attribute to the next.
 */
export function resolvedJson(scope: IConstruct, value: unknown): string {
  const resolver = new Resolver(new StringConcat());
  return JSON.stringify(Tokenization.resolve(value, { scope, resolver, preparing: false }));
}

/** Names the stack of what another stack creates: two stacks can have resources of the same address. */
class Resolver extends DefaultTokenResolver {
  override resolveToken(token: IResolvable, context: IResolveContext, processor: IPostProcessor): unknown {
    const resolved: unknown = super.resolveToken(token, context, processor);
    const origin = "originStack" in token ? token.originStack : undefined;
    return TerraformStack.isStack(origin) && origin !== TerraformStack.of(context.scope)
      ? `${origin.node.path}:${String(resolved)}`
      : resolved;
  }
}
