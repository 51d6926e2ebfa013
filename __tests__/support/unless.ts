/** Tests that are skipped, with a message, if there is a reason why they cannot run. */
import { relative } from "node:path";

export function describeUnless(reason: string | undefined): jest.Describe {
  announce(reason);
  return reason === undefined ? describe : describe.skip;
}

export function testUnless(reason: string | undefined): jest.It {
  announce(reason);
  return reason === undefined ? test : test.skip;
}

/** Does not use the console, because jest shows no output of a file in which all tests are skipped. */
function announce(reason: string | undefined): void {
  if (reason === undefined) return;
  const file = relative(process.cwd(), expect.getState().testPath ?? "");
  process.stderr.write(`SKIP ${file}: ${reason}\n`);
}
