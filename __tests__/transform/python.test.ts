import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPython, installPython } from "../../programs/python";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "tributary-python-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const packages = (minors: readonly number[], lock = "") => {
  const file = join(folder, "requirements.txt");
  writeFileSync(file, lock);
  return { title: "tool 1.0", lock: file, minors, command: "npm run tool" };
};

test("what is not installed: the message says which command installs it", () => {
  expect(findPython(folder, packages([11]))).toEqual({
    kind: "missing",
    title: "tool 1.0",
    reason: "tool 1.0 is not installed; run npm run tool",
  });
});

test("without Python, or with another version: the message says which versions are required, and where they are", async () => {
  for (const interpreters of [["no-python"], ["no-python", process.execPath]]) {
    expect(await installPython(folder, packages([13, 12, 11]), undefined, interpreters)).toMatchObject({
      kind: "missing",
      reason: `tool 1.0 requires Python 3.11 to 3.13, and none of ${interpreters.join(", ")} is that version: https://www.python.org/downloads`,
    });
  }
});

test("another lock file is another installation", () => {
  const installed = (lock: string) => {
    const found = findPython(folder, packages([11], lock));
    return found.kind;
  };
  expect([installed("a==1 \\"), installed("a==2 \\")]).toEqual(["missing", "missing"]);
});
