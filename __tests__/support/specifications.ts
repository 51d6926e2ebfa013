import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DatasetSpec, deploymentName } from "../../dataset";
import { deployed } from "./deployed";

const root = mkdtempSync(join(tmpdir(), "tributary-specifications-"));
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** The environment of a job that reads specifications from a folder, which lasts as long as the tests of the file. */
export function specifications(...specs: readonly DatasetSpec[]): { readonly SPECIFICATIONS: string } {
  const folder = mkdtempSync(join(root, "of-"));
  for (const spec of specs) writeFileSync(join(folder, deploymentName(spec.id)), deployed(spec));
  return { SPECIFICATIONS: folder };
}
