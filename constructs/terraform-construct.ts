import {
  Aspects,
  dependable,
  type IAspect,
  type ITerraformDependable,
  TerraformDataSource,
  TerraformModule,
  TerraformResource,
  TerraformStack,
} from "cdktf";
import { Construct, type IConstruct } from "constructs";
import type { Grant } from "./grant";
import { resolvedJson } from "./resolved";

/** What a construct can wait for: a grant, or another construct with all that it creates. */
export type Dependency = IConstruct | Grant;

/**
 * Base class of the constructs. cdktf ignores `node.addDependency`; here it works: every resource under the construct
 * gets the dependencies in its `depends_on`, including those that are added after it was created.
 */
export abstract class TerraformConstruct extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    Aspects.of(this).add(writeDependsOn);
  }
}

const writeDependsOn: IAspect = {
  visit(node) {
    if (!TerraformResource.isTerraformResource(node)) return;
    const stack = TerraformStack.of(node);
    const { scopes } = node.node;
    const roots = [...scopes]
      .reverse()
      .flatMap((scope) => scope.node.dependencies)
      // Nothing waits for what it is a part of.
      .filter((root) => !scopes.includes(root));
    const addresses = new Set(node.dependsOn?.map((address) => resolvedText(node, address)));
    for (const target of roots.flatMap((root) => root.node.findAll())) {
      if (!isDependable(target)) continue;
      // Terraform has no references between stacks: there the order of deployment is what can be kept.
      if (TerraformStack.of(target) !== stack) stack.addDependency(TerraformStack.of(target));
      else addresses.add(resolvedText(node, dependable(target)));
    }
    if (addresses.size > 0) node.dependsOn = [...addresses];
  },
};

function isDependable(construct: IConstruct): construct is IConstruct & ITerraformDependable {
  return (
    TerraformResource.isTerraformResource(construct) ||
    TerraformDataSource.isTerraformDataSource(construct) ||
    construct instanceof TerraformModule
  );
}

function resolvedText(scope: IConstruct, text: string): string {
  return String(JSON.parse(resolvedJson(scope, text)));
}
