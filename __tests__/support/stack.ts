import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { readStacks, type StackJson } from "../../scripts/synthesized";
import { withoutNotes } from "../../scripts/golden/render";
import { stackFaults } from "./provider-schema";

/** Synthesizes a stack with the constructs and, if available, validates it with the providers' schemas. */
export function stackOf(build: (stack: TerraformStack) => void): StackJson {
  const outdir = mkdtempSync(join(tmpdir(), "stack-"));
  try {
    const app = new App({ outdir });
    const stack = new TerraformStack(app, "test");
    new LocalBackend(stack, { path: "test.tfstate" });
    new GoogleProvider(stack, "google", { project: "p", region: "europe-west6" });
    new AwsProvider(stack, "aws", { region: "eu-central-1" });
    build(stack);
    app.synth();
    const [json] = readStacks(outdir).values();
    if (json === undefined) throw new Error("nothing was synthesized");
    const faults = stackFaults(json);
    if (faults.length > 0)
      throw new Error(`not valid according to the providers' schemas:\n${faults.join("\n")}`);
    return json;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** All resources of a type without cdktf's metadata, sorted by address. */
export function resources(json: StackJson, type: string): unknown[] {
  return Object.values(json.resource[type] ?? {}).map(withoutNotes);
}
