/**
 * A matcher for jest. Import this file once, in a test or in `setupFilesAfterEnv`:
 *
 *     expect(stacks).toKeep([noKeys(), oneLocation({ location: "europe-west6" })]);
 */
import { TerraformStack } from "cdktf";
import { checkStacks } from "./check-stacks";
import { report, type Rule } from "./rule";

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the matchers of @types/jest are declared in one
  namespace jest {
    interface Matchers<R> {
      /**
       * Passes when the stack, or all stacks of a list together, keep every rule.
       *
       * @throws Error when the value is not a stack or a non-empty list of stacks
       */
      toKeep(rules: readonly Rule[]): R;
    }
  }
}

expect.extend({
  toKeep(received: unknown, rules: readonly Rule[]) {
    const findings = checkStacks(stacksIn(received), rules);
    return {
      pass: findings.length === 0,
      message: () =>
        findings.length === 0
          ? "The stacks keep every rule, but were expected to violate one"
          : `The stacks violate the rules: ${report(findings)}`,
    };
  },
});

function stacksIn(received: unknown): readonly TerraformStack[] {
  const all: unknown[] = [received].flat();
  return all.map((one) => {
    if (TerraformStack.isStack(one)) return one;
    throw new Error(`toKeep checks a TerraformStack or a list of them, not ${typeof one}`);
  });
}
