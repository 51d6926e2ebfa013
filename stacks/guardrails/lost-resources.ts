import type { Finding, Platform } from "./platform";

/** Every resource construct is emitted. cdktf drops one of two whose ids differ by nothing but a dot or a dash. */
export function nothingLost({ stacks }: Platform): Finding[] {
  return stacks.flatMap(({ constructs, resources }) => {
    const emitted = new Set(resources.map(({ path }) => path));
    return constructs
      .filter((path) => !emitted.has(path))
      .map((path) => ({
        path,
        found: "is not in the synthesized stack: another construct got the same address",
        fix: "give it an id that differs by a letter or digit",
      }));
  });
}
