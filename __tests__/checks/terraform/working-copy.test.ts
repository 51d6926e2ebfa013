import type { StackJson } from "../../../scripts/synthesized";
import { needsOf, override } from "../../../checks/terraform/working-copy";

const json: StackJson = {
  provider: { google: [{}], aws: [{ region: "eu-central-1" }, { alias: "other" }] },
  terraform: {
    backend: { gcs: { bucket: "state" } },
    required_providers: {
      google: { source: "google", version: "6.50.0" },
      aws: { source: "someone/aws", version: "6.25.0" },
    },
  },
  resource: {},
  data: {},
};

test("needsOf adds the namespace hashicorp to a source without a namespace", () => {
  expect([...needsOf(json)]).toEqual([
    ["google", { source: "hashicorp/google", version: "6.50.0" }],
    ["aws", { source: "someone/aws", version: "6.25.0" }],
  ]);
});

test("override uses local state and the available versions, and disables requests to AWS", () => {
  const quiet = {
    skip_credentials_validation: true,
    skip_requesting_account_id: true,
    skip_metadata_api_check: "true",
  };
  expect(override(json, new Map([["aws", "5.100.0"]]))).toEqual({
    terraform: {
      backend: { local: {} },
      required_providers: {
        google: { source: "hashicorp/google", version: "6.50.0" },
        aws: { source: "someone/aws", version: "5.100.0" },
      },
    },
    provider: { aws: [quiet, { alias: "other", ...quiet }] },
  });
});

test("override without AWS changes no provider", () => {
  expect(override({ ...json, provider: { google: [{}] } }, new Map())).not.toHaveProperty("provider");
});
