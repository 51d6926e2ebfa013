import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { ServiceAccountKey } from "@cdktf/provider-google/lib/service-account-key";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import { StorageBucketIamPolicy } from "@cdktf/provider-google/lib/storage-bucket-iam-policy";
import { loadCatalog } from "../../catalog";
import type { DatasetSpec } from "../../catalog/spec";
import { StorageBucket } from "../../constructs/storage-bucket";
import { GuardrailError } from "../../stacks/guardrails";
import { type Draft, synthError } from "../support/platform";

const docs = readFileSync(join(__dirname, "../../docs/guardrails.md"), "utf8");

interface Break {
  readonly change: (draft: Draft) => void;
  /** What is said: path and finding, and the fix. */
  readonly said: readonly string[];
}

const project = "replace-me-prod";

const broken: Readonly<Record<string, Break>> = {
  "a workflow elsewhere": {
    change: (draft) => {
      draft.set("orchestration", "backfill", "region", "us-central1");
    },
    said: [
      `prod-orchestration/backfill is in us-central1, the environment in europe-west6
    give it the environment's region: BigQuery refuses to load from a bucket anywhere else`,
    ],
  },
  "a transfer into somebody else's bucket": {
    change: (draft) => {
      draft.set("transfer", "green_tripdata", "transfer_spec.gcs_data_sink.bucket_name", "another-bucket");
    },
    said: [
      `prod-transfer/green_tripdata uses the bucket another-bucket, which no stack makes
    use one that a stack makes, whose location is that of datasets and jobs`,
    ],
  },
  "a grant to everyone": {
    change: (draft) => {
      const grant = {
        bucket: `${project}-prod-lake`,
        role: "roles/storage.objectViewer",
        member: "allUsers",
      };
      new StorageBucketIamMember(draft.stack("lake"), "open", grant);
    },
    said: [
      `prod-lake/open grants roles/storage.objectViewer to allUsers
    grant it to an account or a group; anyone on the internet is one of these`,
    ],
  },
  "a bucket that could be opened": {
    change: (draft) => {
      draft.set("lake", "lake", "public_access_prevention", "inherited");
      draft.set("lake", "lake", "uniform_bucket_level_access", false);
    },
    said: [
      `prod-lake/lake does not prevent public access
    set public_access_prevention to "enforced", as StorageBucket does`,
      `prod-lake/lake lets single objects have access lists of their own
    set uniform_bucket_level_access to true, as StorageBucket does`,
    ],
  },
  "a database on the internet": {
    change: (draft) => {
      draft.set("database", "postgres", "settings.ip_configuration.ipv4_enabled", true);
    },
    said: [
      `prod-database/postgres has an address on the internet
    set ipv4_enabled to false and give it a private network, as PostgresInstance does`,
    ],
  },
  "an owner": {
    change: (draft) => {
      const grant = { project, role: "roles/owner", member: "group:team@example.com" };
      new ProjectIamMember(draft.stack("ingestion"), "owner", grant);
    },
    said: [
      `prod-ingestion/owner grants roles/owner
    grant the roles that are needed, on the resources they are for`,
    ],
  },
  "an admin of the project": {
    change: (draft) => {
      const grant = { project, role: "roles/storage.admin", member: "group:team@example.com" };
      new ProjectIamMember(draft.stack("ingestion"), "admin", grant);
    },
    said: [
      `prod-ingestion/admin grants roles/storage.admin on the whole project
    grant it on the resource, or a role that does less`,
    ],
  },
  "a policy that takes grants away": {
    change: (draft) => {
      const policy = { bucket: `${project}-prod-lake`, policyData: "{}" };
      new StorageBucketIamPolicy(draft.stack("lake"), "policy", policy);
    },
    said: [
      `prod-lake/policy is a google_storage_bucket_iam_policy, which takes away every grant it does not name
    use the member form, or the grant methods of the construct`,
    ],
  },
  "a key": {
    change: (draft) => {
      new ServiceAccountKey(draft.stack("ingestion"), "key", { serviceAccountId: "prod-ingest" });
    },
    said: [
      `prod-ingestion/key makes a key (google_service_account_key)
    let it act by identity: a service account, or a role taken on`,
    ],
  },
  "a secret in the state": {
    change: (draft) => {
      const key = { access_key_id: "id", secret_access_key: "hunter2" };
      draft.set("transfer", "yellow_tripdata", "transfer_spec.aws_s3_data_source.aws_access_key", key);
    },
    said: [
      `prod-transfer/yellow_tripdata sets transfer_spec.aws_s3_data_source.aws_access_key, which Terraform's state keeps in clear
    let it log in by identity, or use the write-only setting`,
    ],
  },
  "data that a plan could delete": {
    change: (draft) => {
      draft.set("lake", "lake", "force_destroy", true);
      draft.set("warehouse", "raw", "delete_contents_on_destroy", true);
      draft.set("warehouse", "taxi_zones", "deletion_protection", false);
      draft.set("database", "postgres", "settings.backup_configuration.enabled", false);
    },
    said: [
      `prod-lake/lake has force_destroy true, but prod protects its data
    set it to false`,
      `prod-warehouse/raw has delete_contents_on_destroy true, but prod protects its data
    set it to false`,
      `prod-warehouse/taxi_zones has deletion_protection false, but prod protects its data
    set it to true`,
      `prod-database/postgres has settings.backup_configuration.enabled false, but prod protects its data
    set it to true`,
    ],
  },
  "something without labels": {
    change: (draft) => {
      draft.set("database", "postgres", "settings.user_labels.environment", undefined);
    },
    said: [
      `prod-database/postgres has no label environment
    give it the labels of the stack (PlatformStack.labels)`,
    ],
  },
  "a rule that deletes what a table reads": {
    change: (draft) => {
      const rule = { action: { type: "Delete" }, condition: { age: 30, matches_prefix: ["raw/taxi_"] } };
      draft.set("lake", "lake", "lifecycle_rule", [rule]);
    },
    said: [
      `prod-lake/lake deletes raw/taxi_ by age, and prod-warehouse/taxi_zones_lake reads gs://${project}-prod-lake/raw/taxi_zones/*
    let the rule match other prefixes, or old versions only`,
    ],
  },
  "a name that is taken": {
    change: (draft) => {
      const twin = { name: `${project}-prod-lake`, location: "europe-west6" };
      new StorageBucket(draft.stack("warehouse"), "twin", twin);
    },
    said: [
      `prod-warehouse/twin is named "${project}-prod-lake", as is prod-lake/lake
    give each its own purpose in the naming module`,
    ],
  },
  "a name no service takes": {
    change: (draft) => {
      draft.set("ingestion", "ingest", "account_id", "Ingest");
    },
    said: [
      `prod-ingestion/ingest is named "Ingest"
    a google_service_account is named by 6 to 30 lower-case letters, digits and dashes, a letter first`,
    ],
  },
  "a resource cdktf drops": {
    change: (draft) => {
      new ServiceAccount(draft.stack("ingestion"), "a.b", { accountId: "first-one" });
      new ServiceAccount(draft.stack("ingestion"), "ab", { accountId: "second-one" });
    },
    said: [
      `prod-ingestion/a.b is not in the synthesized stack: another construct got the same address
    give it an id that differs by a letter or digit`,
    ],
  },
};

describe("all rules broken at once, in all stacks", () => {
  const error = synthError({}, (draft) => {
    for (const { change } of Object.values(broken)) change(draft);
  });
  const said =
    error instanceof GuardrailError
      ? error.findings.map(({ path, found, fix }) => `${path} ${found}\n    ${fix}`)
      : [];

  test.each(Object.entries(broken))("%s is found, with the construct's path and the fix", (_, expected) => {
    expect(said).toEqual(expect.arrayContaining([...expected.said]));
  });

  test("and nothing else", () => {
    expect(said).toHaveLength(Object.values(broken).flatMap((one) => one.said).length);
  });

  test("the message lists them", () => {
    expect(error?.message).toBe(
      `prod: ${said.length} findings\n${said.map((one) => `  - ${one}`).join("\n")}`,
    );
  });
});

test.each(Object.entries(broken))("docs/guardrails.md quotes what is said of %s", (_, { said }) => {
  for (const one of said) expect(docs).toContain(`  - ${one}`);
});

describe("schema evolution", () => {
  const catalog = loadCatalog();
  const zones = catalog.get("taxi_zones");
  if (zones === undefined) throw new Error("no taxi_zones");
  const changed = (change: Partial<DatasetSpec>) =>
    synthError({ catalog: new Map([...catalog, ["taxi_zones", { ...zones, ...change }]]) });
  const column = (name: string, mode: "NULLABLE" | "REQUIRED") =>
    ({ name, type: "DATE", mode, description: "New.", aliases: [], optional: false }) as const;

  test("what BigQuery would answer with a new table is refused, all of it at once", () => {
    const error = changed({
      partition: { column: "Changed", granularity: "year" },
      columns: [
        ...zones.columns
          .filter(({ name }) => name !== "LocationID")
          .map((one) => (one.name === "Zone" ? { ...one, mode: "REQUIRED" as const } : one)),
        column("Changed", "REQUIRED"),
      ],
    });
    const message = `prod: 4 findings
  - prod-warehouse/taxi_zones the partition changes from none to Changed by year: BigQuery would answer with a new, empty table
    undo it, or say that the table may be replaced: npm run golden -- --replace taxi_zones
  - prod-warehouse/taxi_zones the column Zone changes from STRING to STRING REQUIRED: BigQuery would answer with a new, empty table
    undo it, or say that the table may be replaced: npm run golden -- --replace taxi_zones
  - prod-warehouse/taxi_zones the new column Changed is REQUIRED: BigQuery would answer with a new, empty table
    undo it, or say that the table may be replaced: npm run golden -- --replace taxi_zones
  - prod-warehouse/taxi_zones the column LocationID is gone: BigQuery would delete what it holds
    undo it, or say that the table may be replaced: npm run golden -- --replace taxi_zones`;
    expect(error?.message).toBe(message);
    expect(docs).toContain(message);
  });

  test("a new column, other words, and a column that need no longer be filled are changes in place", () => {
    const columns = zones.columns.map((one) => ({
      ...one,
      mode: "NULLABLE" as const,
      description: "Other words.",
    }));
    expect(changed({ columns: [...columns, column("Since", "NULLABLE")] })).toBeUndefined();
  });

  test("the record decides: without an entry a table may be replaced", () => {
    const schemas = { taxi_zones: { partition: "none", columns: {} } };
    expect(synthError({ schemas })?.message).toContain("the new column LocationID is REQUIRED");
    expect(synthError({ schemas: {} })).toBeUndefined();
  });
});
