import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type App, Aspects, TerraformStack } from "cdktf";
import {
  checkStacks,
  keptData,
  noKeys,
  noPublicAccess,
  oneLocation,
  type Rule,
  validNames,
} from "../../guardrails";
import { inApp, stackWith } from "./support";

function lakeIn(app: App): TerraformStack {
  const stack = new TerraformStack(app, "lake");
  new GoogleProvider(stack, "google", { project: "p" });
  return stack;
}

const located = [oneLocation({ location: "europe-west6" })];

test("checkStacks names the construct behind a resource", () => {
  const found = inApp((app) => {
    const stack = lakeIn(app);
    new StorageBucket(stack, "raw", { name: "my-raw", location: "US" });
    return checkStacks(stack, located);
  });
  expect(found).toMatchObject([{ path: "lake/raw", found: "is in US, not in europe-west6" }]);
});

test("checkStacks follows a reference to another resource of the stack", () => {
  const found = inApp((app) => {
    const stack = lakeIn(app);
    const rule = [{ action: { type: "Delete" }, condition: { age: 1 } }];
    const bucket = new StorageBucket(stack, "raw", { name: "my-raw", location: "EU", lifecycleRule: rule });
    stack.addOverride("resource.google_bigquery_table.trips", {
      external_data_configuration: { source_uris: [`gs://${bucket.name}/trips/*`] },
    });
    return checkStacks(stack, [keptData()]);
  });
  expect(found).toMatchObject([
    { found: "deletes all objects by age, but lake/google_bigquery_table.trips reads gs://my-raw/trips/*" },
  ]);
});

test("checkStacks sees what an aspect and an override write", () => {
  const found = inApp((app) => {
    const stack = lakeIn(app);
    const bucket = new StorageBucket(stack, "raw", { name: "my-raw", location: "europe-west6" });
    bucket.addOverride("location", "US");
    Aspects.of(stack).add({
      visit: (node) => {
        if (node instanceof StorageBucket) node.name = "My-Raw";
      },
    });
    return checkStacks(stack, [...located, validNames()]);
  });
  expect(found.map((one) => one.found)).toEqual([
    "is in US, not in europe-west6",
    'has the name "My-Raw", which is not valid',
  ]);
});

test("checkStacks checks stacks that refer to each other", () => {
  const found = inApp((app) => {
    const lake = lakeIn(app);
    const bucket = new StorageBucket(lake, "raw", { name: "my-raw", location: "europe-west6" });
    const readers = new TerraformStack(app, "readers");
    new GoogleProvider(readers, "google", { project: "p" });
    new StorageBucketIamMember(readers, "open", {
      bucket: bucket.id,
      role: "roles/viewer",
      member: "allUsers",
    });
    return checkStacks([readers, lake], [noPublicAccess()]).map(({ path }) => path);
  });
  expect(found).toContain("readers/open");
});

test("checkStacks sees the backend that cdktf adds to a stack without one", () => {
  const backends: Rule = ({ stacks }) =>
    stacks.flatMap(({ name, backends }) =>
      Object.keys(backends).map((type) => ({ path: name, found: `has the backend ${type}`, fix: "none" })),
    );
  expect(inApp((app) => checkStacks(lakeIn(app), [backends]))).toMatchObject([
    { path: "lake", found: "has the backend local" },
  ]);
});

test("checkStacks checks the given stacks repeatedly, and writes nothing to the app's folder", () => {
  inApp((app) => {
    const [one, other] = [lakeIn(app), stackWith(app, "other", { google_storage_hmac_key: { key: {} } })];
    expect(checkStacks(one, [noKeys()])).toEqual([]);
    expect(checkStacks([one, other], [noKeys()])).toHaveLength(1);
    expect(checkStacks([one, other], [noKeys()])).toHaveLength(1);
    expect(existsSync(join(app.outdir, "manifest.json"))).toBe(false);
    expect(readdirSync(join(app.outdir, "stacks"))).toEqual([]);
  });
});

test("checkStacks lists findings in the order of the rules, and accepts rules of the caller", () => {
  const named: Rule = ({ resources }) =>
    resources.map(({ path, type }) => ({ path, found: `is a ${type}`, fix: "think again" }));
  const found = inApp((app) =>
    checkStacks(stackWith(app, "keys", { google_storage_hmac_key: { key: {} } }), [noKeys(), named]),
  );
  expect(found.map((one) => one.found)).toEqual([
    "creates a key (google_storage_hmac_key)",
    "is a google_storage_hmac_key",
  ]);
});

test("checkStacks throws without stacks or rules", () => {
  expect(() => checkStacks([], [noKeys()])).toThrow("There are no stacks to check");
  inApp((app) => {
    expect(() => checkStacks(lakeIn(app), [])).toThrow("There are no rules to check the stacks against");
  });
});
