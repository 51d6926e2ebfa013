import { TerraformStack } from "cdktf";
import { noKeys, oneLocation } from "../../guardrails";
import "../../guardrails/jest";
import { inApp, stackWith } from "./support";

const key = { google_storage_hmac_key: { mine: {} } };

test("toKeep passes for one stack and for several that keep the rules", () => {
  inApp((app) => {
    const [one, other] = [new TerraformStack(app, "one"), new TerraformStack(app, "other")];
    expect(one).toKeep([noKeys()]);
    expect([one, other]).toKeep([noKeys(), oneLocation({ location: "EU" })]);
  });
});

test("toKeep fails with every finding and its fix", () => {
  inApp((app) => {
    const stacks = [stackWith(app, "one", key), stackWith(app, "other", key)];
    expect(() => {
      expect(stacks).toKeep([noKeys()]);
    }).toThrow(`The stacks violate the rules: 2 findings
  - one/google_storage_hmac_key.mine creates a key (google_storage_hmac_key)
    authenticate with an identity instead: a service account, or an assumed role
  - other/google_storage_hmac_key.mine creates a key (google_storage_hmac_key)
    authenticate with an identity instead: a service account, or an assumed role`);
  });
});

test("not.toKeep passes for a stack that violates a rule, and fails for one that keeps them", () => {
  inApp((app) => {
    expect(stackWith(app, "one", key)).not.toKeep([noKeys()]);
    expect(() => {
      expect(new TerraformStack(app, "other")).not.toKeep([noKeys()]);
    }).toThrow("The stacks keep every rule, but were expected to violate one");
  });
});

test.each([
  ["no stack", [], "There are no stacks to check"],
  ["something that is not a stack", [{}], "toKeep checks a TerraformStack or a list of them, not object"],
  ["undefined", undefined, "toKeep checks a TerraformStack or a list of them, not undefined"],
])("toKeep rejects %s, with and without not", (_, received, message) => {
  expect(() => {
    expect(received).toKeep([noKeys()]);
  }).toThrow(message);
  expect(() => {
    expect(received).not.toKeep([noKeys()]);
  }).toThrow(message);
});
