import type { Finding, Platform } from "./platform";

/**
 * Every resource construct is emitted, and there is nothing that these rules do not see. cdktf drops one of two
 * constructs whose ids differ by nothing but a dot or a dash.
 */
export function nothingLost({ stacks }: Platform): Finding[] {
  return stacks.flatMap(({ constructs, resources, modules }) => {
    const emitted = new Set(resources.map(({ path }) => path));
    const lost = constructs
      .filter((path) => !emitted.has(path))
      .map((path) => ({
        path,
        found: "is not in the synthesized stack: another construct got the same address",
        fix: "give it an id that differs by a letter or digit",
      }));
    const unseen = modules.map((path) => ({
      path,
      found: "is a module: what it makes is not in the synthesized stack, and no rule sees it",
      fix: "make it of constructs or resources",
    }));
    return [...lost, ...unseen];
  });
}
