import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type App, TerraformStack } from "cdktf";
import { guardApp, GuardrailError, noKeys, oneLocation } from "../../guardrails";
import { inApp, stackWith } from "./support";

const rules = [noKeys(), oneLocation({ location: "EU" })];
const manifest = (app: App) => join(app.outdir, "manifest.json");

test("guardApp allows a synthesis that keeps the rules", () => {
  inApp((app) => {
    guardApp(app, { title: "prod", stacks: [new TerraformStack(app, "lake")], rules });
    app.synth();
    expect(existsSync(manifest(app))).toBe(true);
  });
});

test("guardApp stops a synthesis with all findings, and leaves no manifest, not even an earlier one", () => {
  inApp((app) => {
    const one = stackWith(app, "keys", { google_storage_hmac_key: { mine: {} } });
    const other = stackWith(app, "lake", { google_storage_bucket: { raw: { location: "US" } } });
    guardApp(app, { title: "prod", stacks: [one, other], rules });
    writeFileSync(manifest(app), "{}");
    let error: unknown;
    try {
      app.synth();
    } catch (thrown) {
      error = thrown;
    }
    if (!(error instanceof GuardrailError)) throw new Error("no GuardrailError");
    expect(error.findings).toHaveLength(2);
    expect(error.message).toBe(`prod: 2 findings
  - keys/google_storage_hmac_key.mine creates a key (google_storage_hmac_key)
    authenticate with an identity instead: a service account, or an assumed role
  - lake/google_storage_bucket.raw is in US, not in EU
    create it in EU: BigQuery cannot load from a bucket in another location`);
    expect(existsSync(manifest(app))).toBe(false);
  });
});

test("guardApp counts a single finding in the singular", () => {
  inApp((app) => {
    const stack = stackWith(app, "keys", { google_storage_hmac_key: { mine: {} } });
    guardApp(app, { title: "dev", stacks: [stack], rules });
    expect(() => {
      app.synth();
    }).toThrow(/^dev: 1 finding\n {2}- keys/);
  });
});
