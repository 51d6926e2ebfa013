import { CloudResourceConnection } from "../../constructs/cloud-resource-connection";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BigqueryDatasetAccessA as BigqueryDatasetAccess } from "@cdktf/provider-google/lib/bigquery-dataset-access";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { ServiceAccountKey } from "@cdktf/provider-google/lib/service-account-key";
import { SqlUser } from "@cdktf/provider-google/lib/sql-user";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import { StorageBucketIamPolicy } from "@cdktf/provider-google/lib/storage-bucket-iam-policy";
import { StorageHmacKey } from "@cdktf/provider-google/lib/storage-hmac-key";
import { TerraformHclModule } from "cdktf";
import { loadCatalog } from "../fixtures/catalog";
import { loadEnvironment } from "../fixtures/config";
import type { DatasetSpec } from "../../dataset";
import { ExternalTable } from "../../constructs/external-table";
import { NativeTable } from "../../constructs/native-table";
import { StorageBucket } from "../../constructs/storage-bucket";
import { WarehouseDataset } from "../../constructs/warehouse-dataset";
import { GuardrailError } from "../../guardrails";
import { shapesIn, synthesized } from "../../scripts/synthesized";
import { type Draft, synthError } from "../support/platform";

const docs = readFileSync(join(__dirname, "../../docs/guardrails.md"), "utf8");
const project = "replace-me-prod";
const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });

/** How each section of docs/guardrails.md breaks its rule. The section quotes every finding. */
const broken: Readonly<Record<string, (draft: Draft) => void>> = {
  "One location": (draft) => {
    draft.set("orchestration", "backfill", "region", "us-central1");
    draft.set("warehouse", "core", "location", undefined);
    const key = "projects/p/locations/us/keyRings/r/cryptoKeys/k";
    draft.set("foundation", "images", "kms_key_name", key);
    draft.set("transfer", "green_tripdata", "transfer_spec.gcs_data_sink.bucket_name", "another-bucket");
  },
  "No public access": (draft) => {
    const grant = { bucket: `${project}-prod-lake`, role: "roles/storage.objectViewer", member: "allUsers" };
    new StorageBucketIamMember(draft.stack("lake"), "open", grant);
    const access = { datasetId: "prod_core", role: "READER", specialGroup: "allAuthenticatedUsers" };
    new BigqueryDatasetAccess(draft.stack("warehouse"), "open", access);
    const statement = { Effect: "Allow", Principal: { AWS: "*" }, Action: "sqs:SendMessage", Resource: "*" };
    const queue = "events-replace-me-source/prod-green-tripdata-policy";
    draft.set("transfer", queue, "policy", policy(statement));
    draft.set("network", "platform/deny-ingress", "deny", undefined);
    draft.set("network", "platform/deny-ingress", "allow", [{ protocol: "all" }]);
    draft.set("foundation", "ci/github", "attribute_condition", undefined);
    draft.set("lake", "lake", "public_access_prevention", "inherited");
    draft.set("lake", "lake", "uniform_bucket_level_access", false);
    draft.set("database", "postgres", "settings.ip_configuration.ipv4_enabled", true);
  },
  "Small roles": (draft) => {
    const member = "group:team@example.com";
    const grant = (id: string, role: string) =>
      new ProjectIamMember(draft.stack("ingestion"), id, { project, role, member });
    grant("admin", "roles/storage.admin");
    grant("machines", "roles/compute.instanceAdmin.v1");
    draft.set("warehouse", "staging", "access", [{ role: "READER", user_by_email: "a@example.com" }]);
    draft.set("warehouse", "staging", "lifecycle", undefined);
    draft.set(
      "transfer",
      "role/read",
      "policy",
      policy({ Effect: "Allow", Action: ["s3:*"], Resource: "*" }),
    );
    draft.set("foundation", "ci/deploy-role", "permissions", [
      "iam.serviceAccounts.getAccessToken",
      "iam.serviceAccounts.setIamPolicy",
    ]);
    draft.set("foundation", "ci/deploy-grants-member", "condition", undefined);
    const all = { bucket: `${project}-prod-lake`, policyData: "{}" };
    new StorageBucketIamPolicy(draft.stack("lake"), "policy", all);
  },
  "No basic roles": (draft) => {
    const stack = draft.stack("ingestion");
    const member = "group:team@example.com";
    new ProjectIamMember(stack, "owner", { project, role: "roles/owner", member });
    new ProjectIamMember(stack, "viewer", { project, role: "roles/viewer", member });
    draft.set("warehouse", "core", "access", undefined);
    const location = "europe-west6";
    const copies = {
      name: "copies",
      location,
      public_access_prevention: "enforced",
      uniform_bucket_level_access: true,
    };
    const soft_delete_policy = { retention_duration_seconds: 604_800 };
    draft.stack("lake").addOverride("resource.google_storage_bucket.copies", {
      ...copies,
      soft_delete_policy,
      force_destroy: false,
    });
    const viewers = {
      bucket: `${project}-prod-lake`,
      role: "roles/storage.objectViewer",
      member: `projectViewer:${project}`,
    };
    new StorageBucketIamMember(draft.stack("lake"), "viewers", viewers);
  },
  "No keys": (draft) => {
    new ServiceAccountKey(draft.stack("ingestion"), "key", { serviceAccountId: "prod-ingest" });
    const key = { access_key_id: "id", secret_access_key: "hunter2" };
    draft.set("transfer", "yellow_tripdata", "transfer_spec.aws_s3_data_source.aws_access_key", key);
    const reader = { name: "reader", instance: "prod-postgres-1", password: "hunter2" };
    new SqlUser(draft.stack("database"), "reader", reader);
    const google = draft.stack("network").node.findChild("google");
    if (google instanceof GoogleProvider) google.credentials = "{}";
    new StorageHmacKey(draft.stack("lake"), "hmac", { serviceAccountEmail: "prod-ingest@example.com" });
    draft.stack("lake").addOverride("resource.google_storage_hmac_key.mine", { service_account_email: "me" });
  },
  "Protected data": (draft) => {
    draft.set("lake", "lake", "force_destroy", true);
    draft.set("warehouse", "raw", "delete_contents_on_destroy", true);
    draft.set("warehouse", "taxi_zones", "deletion_protection", false);
    const backups = "settings.backup_configuration";
    draft.set("database", "postgres", `${backups}.enabled`, false);
    draft.set("database", "postgres", "settings.retain_backups_on_delete", false);
    draft.set("database", "postgres", `${backups}.backup_retention_settings.retained_backups`, 3);
    draft.set("database", "postgres/warehouse", "deletion_policy", undefined);
    draft.set("foundation", "state", "versioning.enabled", false);
    draft.set("foundation", "state", "soft_delete_policy.retention_duration_seconds", 0);
  },
  Labels: (draft) => {
    draft.set("database", "postgres", "settings.user_labels.environment", undefined);
    draft.set("lake", "lake", "labels.environment", "dev");
  },
  "Data that is read is kept": (draft) => {
    const expire = (prefixes: readonly string[] | undefined) => ({
      action: { type: "Delete" },
      condition: { age: 30, matches_prefix: prefixes },
    });
    draft.set("lake", "lake", "lifecycle_rule", [expire(["raw/taxi_", "manifests/"])]);
    draft.set("foundation", "state", "lifecycle_rule", [expire(undefined)]);
    const spec = "transfer_spec";
    draft.set("transfer", "yellow_tripdata", `${spec}.transfer_options.delete_objects_unique_in_sink`, true);
    draft.set("transfer", "yellow_tripdata", `${spec}.gcs_data_sink.path`, "raw/green_tripdata/");
    const stack = draft.stack("lake");
    const location = "europe-west6";
    const own = new StorageBucket(stack, "own", { name: "my-own", location, expireDays: { "days/": 1 } });
    new ExternalTable(stack, "days", {
      dataset: WarehouseDataset.fromName(stack, "raw", "prod_raw"),
      name: "days",
      columns: [{ name: "day", type: "DATE" }],
      bucket: own,
      connection: CloudResourceConnection.fromConnectionId(
        stack,
        "connection",
        "p.europe-west6.lake",
        "c@x.example",
      ),
      prefix: "days/",
    });
  },
  Names: (draft) => {
    const twin = { name: `${project}-prod-lake`, location: "europe-west6" };
    new StorageBucket(draft.stack("warehouse"), "twin", twin);
    draft.set("foundation", "ingest", "account_id", "Ingest");
    draft.set("network", "platform/subnet", "name", "my_subnet");
  },
  "Nothing lost": (draft) => {
    new ServiceAccount(draft.stack("ingestion"), "a.b", { accountId: "first-one" });
    new ServiceAccount(draft.stack("ingestion"), "ab", { accountId: "second-one" });
    const module = { source: "terraform-google-modules/log-export/google" };
    new TerraformHclModule(draft.stack("lake"), "theirs", module);
  },
};

/** The findings that a section of docs/guardrails.md quotes. */
function quoted(section: string): string[] {
  const [, text = ""] = docs.split(`\n## ${section}\n`);
  const [own = ""] = text.split("\n## ");
  return [...own.matchAll(/^ {2}- (.+)\n {4}(.+)$/gm)].map(([, found, fix]) => `${found}\n    ${fix}`);
}

describe("the platform with a violation of every rule in all stacks", () => {
  const error = synthError({}, (draft) => {
    for (const change of Object.values(broken)) change(draft);
  });
  if (!(error instanceof GuardrailError)) throw error ?? new Error("nothing was found");
  const findings = error.findings.map(({ path, found, fix }) => `${path} ${found}\n    ${fix}`);

  test.each(Object.keys(broken))("the section %s of docs/guardrails.md quotes its findings", (section) => {
    expect(quoted(section)).not.toEqual([]);
    expect(findings).toEqual(expect.arrayContaining(quoted(section)));
  });

  test("docs/guardrails.md quotes every finding", () => {
    expect(Object.keys(broken).flatMap(quoted).sort()).toEqual([...findings].sort());
  });

  test("the message of the error lists all findings under the name of the environment", () => {
    const list = findings.map((one) => `  - ${one}`).join("\n");
    expect(error.message).toBe(`prod: ${findings.length} findings\n${list}`);
  });
});

test("kmsKey of the environment encrypts everything, and docs/guardrails.md quotes the findings", () => {
  const kmsKey = "projects/p/locations/europe-west6/keyRings/r/cryptoKeys/k";
  const environment = { ...loadEnvironment("prod"), kmsKey };
  expect(synthError({ environment })).toBeUndefined();
  const error = synthError({ environment }, (draft) => {
    draft.set("database", "postgres", "encryption_key_name", undefined);
    draft.set("lake", "lake", "encryption.default_kms_key_name", `${kmsKey}2`);
  });
  if (!(error instanceof GuardrailError)) throw error ?? new Error("nothing was found");
  expect(error.findings.map(({ path, found, fix }) => `${path} ${found}\n    ${fix}`)).toEqual(
    quoted("One key"),
  );
});

test("dev, which does not protect its data, may delete it", () => {
  expect(loadEnvironment("dev").protectData).toBe(false);
  const error = synthError({ environment: loadEnvironment("dev") }, (draft) => {
    draft.set("lake", "lake", "force_destroy", true);
    draft.set("warehouse", "taxi_zones", "deletion_protection", false);
  });
  expect(error).toBeUndefined();
});

describe("a changed table of the platform", () => {
  const catalog = loadCatalog();
  const zones = catalog.get("taxi_zones");
  const prod = loadEnvironment("prod");
  const deployed = Object.fromEntries(shapesIn(prod, synthesized({ environment: prod, catalog })));
  if (zones === undefined) throw new Error("no taxi_zones");
  const changed = (change: Partial<DatasetSpec>) =>
    synthError({
      catalog: new Map([...catalog, ["taxi_zones", Object.assign({ ...zones }, change)]]),
      schemas: deployed,
    });
  const column = (name: string, mode: "NULLABLE" | "REQUIRED") =>
    ({ name, type: "DATE", mode, description: "New.", aliases: [], optional: false }) as const;

  test("is rejected if Terraform would replace it, with the message in docs/guardrails.md", () => {
    const error = changed({
      partition: { column: "Changed", granularity: "year" },
      columns: [
        ...zones.columns
          .filter(({ name }) => name !== "LocationID")
          .map((one) => (one.name === "Zone" ? { ...one, mode: "REQUIRED" as const } : one)),
        column("Changed", "REQUIRED"),
      ],
    });
    if (!(error instanceof GuardrailError)) throw error ?? new Error("nothing was found");
    expect(error.findings).toHaveLength(4);
    expect(docs).toContain(`\`\`\`\n${error.message}\n\`\`\``);
  });

  test("is accepted if BigQuery changes it in place", () => {
    const columns = zones.columns.map((one) => ({
      ...one,
      mode: "NULLABLE" as const,
      description: "Other words.",
    }));
    expect(changed({ columns: [...columns, column("Since", "NULLABLE")] })).toBeUndefined();
  });

  test("is looked up by the id of its data set, or by dataset and table outside raw", () => {
    const add = (draft: Draft) => {
      const dataset = WarehouseDataset.fromName(draft.stack("warehouse"), "core_again", "prod_core");
      const columns = [{ name: "at", type: "TIMESTAMP" } as const];
      new NativeTable(draft.stack("warehouse"), "days", { dataset, name: "days", columns });
    };
    const day = { partition: "none", columns: { at: "DATE" } };
    expect(synthError({ schemas: { "core.days": day } }, add)?.message).toContain(
      "prod-warehouse/days changes the column at from DATE to TIMESTAMP",
    );
    const zone = { partition: "none", columns: {} };
    expect(synthError({ schemas: { taxi_zones: zone } })?.message).toContain(
      "prod-warehouse/taxi_zones adds the REQUIRED column LocationID",
    );
    expect(synthError({ schemas: {} })).toBeUndefined();
  });
});
