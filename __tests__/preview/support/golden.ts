import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(__dirname, "../../golden/preview");

/** Compares a text with a golden file; `npm run golden:preview` writes it. */
export function expectGolden(name: string, text: string): void {
  const file = join(folder, name);
  if (process.env["GOLDEN"] === "write") {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, "utf8"));
}
