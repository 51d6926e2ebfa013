/** Tests that cannot run everywhere. Where there is a reason against them, they are skipped and the reason is printed. */
import { relative } from "node:path";

export function describeUnless(reason: string | undefined): jest.Describe {
  say(reason);
  return reason === undefined ? describe : describe.skip;
}

export function testUnless(reason: string | undefined): jest.It {
  say(reason);
  return reason === undefined ? test : test.skip;
}

/** Not by console: jest shows nothing of a file in which all is skipped. */
function say(reason: string | undefined): void {
  if (reason === undefined) return;
  const file = relative(process.cwd(), expect.getState().testPath ?? "");
  process.stderr.write(`SKIP ${file}: ${reason}\n`);
}
