import type { Finding, Rule } from "../rule";

/**
 * Every resource construct is in the JSON, and there are no resources that the rules cannot see. cdktf leaves periods
 * out of addresses: when two ids differ only in them, one of the resources is silently dropped.
 */
export function nothingLost(): Rule {
  return ({ stacks }): Finding[] =>
    stacks.flatMap(({ constructs, resources, modules }) => {
      const emitted = new Set(resources.map(({ path }) => path));
      const lost = constructs
        .filter((path) => !emitted.has(path))
        .map((path) => ({
          path,
          found: "is missing from the synthesized stack: another construct has the same address",
          fix: "give it an id that differs in a letter or digit",
        }));
      const unseen = modules.map((path) => ({
        path,
        found: "is a module: its resources are not in the synthesized stack, so no rule checks them",
        fix: "use constructs or resources instead",
      }));
      return [...lost, ...unseen];
    });
}
