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
import { loadCatalog } from "../../catalog";
import type { DatasetSpec } from "../../dataset";
import { ExternalTable } from "../../constructs/external-table";
import { NativeTable } from "../../constructs/native-table";
import { StorageBucket } from "../../constructs/storage-bucket";
import { WarehouseDataset } from "../../constructs/warehouse-dataset";
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
  "a dataset that does not say where it is": {
    change: (draft) => {
      draft.set("warehouse", "core", "location", undefined);
    },
    said: [
      `prod-warehouse/core is in the US, which is the default, the environment in europe-west6
    give it the environment's region: BigQuery refuses to load from a bucket anywhere else`,
    ],
  },
  "a key from elsewhere": {
    change: (draft) => {
      const key = "projects/p/locations/us/keyRings/r/cryptoKeys/k";
      draft.set("foundation", "images", "kms_key_name", key);
    },
    said: [
      `prod-foundation/images takes a key from us, the environment is in europe-west6
    give it a key of the environment's region: services refuse others`,
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
  "a dataset anyone with an account may read": {
    change: (draft) => {
      const access = { datasetId: "prod_core", role: "READER", specialGroup: "allAuthenticatedUsers" };
      new BigqueryDatasetAccess(draft.stack("warehouse"), "open", access);
      draft.set("warehouse", "staging", "access", [{ role: "READER", iam_member: "allUsers" }]);
    },
    said: [
      `prod-warehouse/open grants READER to allAuthenticatedUsers
    grant it to an account or a group; anyone on the internet is one of these`,
      `prod-warehouse/staging grants READER to allUsers
    grant it to an account or a group; anyone on the internet is one of these`,
      `prod-warehouse/staging has access blocks, which take away every grant they do not name
    use the member form, or the grant methods of the construct`,
    ],
  },
  "a queue anyone may write to": {
    change: (draft) => {
      const statement = {
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: "sqs:SendMessage",
        Resource: "*",
      };
      const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
      draft.set("transfer", "events-replace-me-source/prod-green-tripdata-policy", "policy", policy);
    },
    said: [
      `prod-transfer/events-replace-me-source/prod-green-tripdata-policy lets everyone in by its policy
    name the service or the account as its Principal`,
    ],
  },
  "a firewall that is none": {
    change: (draft) => {
      draft.set("network", "platform/deny-ingress", "deny", undefined);
      draft.set("network", "platform/deny-ingress", "allow", [{ protocol: "all" }]);
    },
    said: [
      `prod-network/platform/deny-ingress lets the internet in
    allow the addresses, tags or accounts that need it`,
    ],
  },
  "anyone's jobs on GitHub": {
    change: (draft) => {
      draft.set("foundation", "ci/github", "attribute_condition", undefined);
    },
    said: [
      `prod-foundation/ci/github lets in whatever its issuer signs
    set attribute_condition to the repository and its owner by number, as CiIdentity does`,
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
      const member = "group:team@example.com";
      new ProjectIamMember(draft.stack("ingestion"), "admin", {
        project,
        role: "roles/storage.admin",
        member,
      });
      const machines = { project, role: "roles/compute.instanceAdmin.v1", member };
      new ProjectIamMember(draft.stack("ingestion"), "machines", machines);
    },
    said: [
      `prod-ingestion/machines grants roles/compute.instanceAdmin.v1 on the whole project
    grant it on the resource, or a role that does less`,
      `prod-ingestion/admin grants roles/storage.admin on the whole project
    grant it on the resource, or a role that does less`,
    ],
  },
  "everything on S3": {
    change: (draft) => {
      const statement = { Effect: "Allow", Action: ["s3:*"], Resource: "*" };
      const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
      draft.set("transfer", "role/read", "policy", policy);
    },
    said: [
      `prod-transfer/role/read allows s3:*
    name the actions that are needed, as AwsTransferRole does`,
    ],
  },
  "a custom role that is every account": {
    change: (draft) => {
      draft.set("foundation", "ci/deploy-role", "permissions", ["iam.serviceAccounts.getAccessToken"]);
    },
    said: [
      `prod-foundation/ci/deploy-role holds iam.serviceAccounts.getAccessToken, with which one acts as any account of the project
    grant roles/iam.serviceAccountUser on the accounts it is for (grantActAs)`,
    ],
  },
  "a custom role that gives every role": {
    change: (draft) => {
      draft.set("foundation", "ci/deploy-grants-member", "condition", undefined);
    },
    said: [
      `prod-foundation/ci/deploy-grants-member grants projects/${project}/roles/prod_deploy_grants without a condition, and with it every other role
    name the roles that may be given in a condition, as CiIdentity does`,
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
      new StorageHmacKey(draft.stack("lake"), "hmac", { serviceAccountEmail: "prod-ingest@example.com" });
    },
    said: [
      `prod-lake/hmac makes a key (google_storage_hmac_key)
    let it act by identity: a service account, or a role taken on`,
      `prod-ingestion/key makes a key (google_service_account_key)
    let it act by identity: a service account, or a role taken on`,
    ],
  },
  "a secret in the state": {
    change: (draft) => {
      const key = { access_key_id: "id", secret_access_key: "hunter2" };
      draft.set("transfer", "yellow_tripdata", "transfer_spec.aws_s3_data_source.aws_access_key", key);
      const reader = { name: "reader", instance: "prod-postgres-1", password: "hunter2" };
      new SqlUser(draft.stack("database"), "reader", reader);
    },
    said: [
      `prod-database/reader sets password, which Terraform's state keeps in clear
    let it log in by identity, or use the write-only setting`,
      `prod-transfer/yellow_tripdata sets transfer_spec.aws_s3_data_source.aws_access_key, which Terraform's state keeps in clear
    let it log in by identity, or use the write-only setting`,
    ],
  },
  "a provider that logs in by a key": {
    change: (draft) => {
      const google = draft.stack("network").node.findChild("google");
      if (google instanceof GoogleProvider) google.credentials = "{}";
    },
    said: [
      `prod-network/google sets credentials, which is then in the synthesized JSON
    leave it out: whoever runs Terraform is logged in, and CI has an identity`,
    ],
  },
  "data that a plan could delete": {
    change: (draft) => {
      draft.set("lake", "lake", "force_destroy", true);
      draft.set("warehouse", "raw", "delete_contents_on_destroy", true);
      draft.set("warehouse", "taxi_zones", "deletion_protection", false);
      const backups = "settings.backup_configuration";
      draft.set("database", "postgres", `${backups}.enabled`, false);
      draft.set("database", "postgres", `${backups}.backup_retention_settings.retained_backups`, 3);
      draft.set("database", "postgres/warehouse", "deletion_policy", undefined);
      draft.set("foundation", "state", "versioning.enabled", false);
      draft.set("foundation", "state", "soft_delete_policy.retention_duration_seconds", 0);
    },
    said: [
      `prod-database/postgres has settings.backup_configuration.backup_retention_settings.retained_backups 3, but prod protects its data
    set it to 7 or more`,
      `prod-database/postgres/warehouse has deletion_policy unset, but prod protects its data
    set it to "ABANDON"`,
      `prod-foundation/state has soft_delete_policy.retention_duration_seconds 0, but prod protects its data
    set it to 604800 or more`,
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
  "the label of another environment": {
    change: (draft) => {
      draft.set("lake", "lake", "labels.environment", "dev");
    },
    said: [
      `prod-lake/lake has the label environment "dev", in prod
    give it the labels of the stack (PlatformStack.labels)`,
    ],
  },
  "a rule that deletes what a table of its own stack reads": {
    change: (draft) => {
      const stack = draft.stack("lake");
      const location = "europe-west6";
      const own = new StorageBucket(stack, "own", { name: "my-own", location, expireDays: { "days/": 1 } });
      new ExternalTable(stack, "days", {
        dataset: WarehouseDataset.fromName(stack, "raw", "prod_raw"),
        name: "days",
        columns: [{ name: "day", type: "DATE" }],
        bucket: own,
        prefix: "days/",
      });
    },
    said: [
      `prod-lake/own deletes days/ by age, and prod-lake/days reads gs://my-own/days/*
    let the rule match other prefixes, or old versions only`,
    ],
  },
  "a transfer that deletes what a table reads": {
    change: (draft) => {
      const spec = "transfer_spec";
      draft.set(
        "transfer",
        "yellow_tripdata",
        `${spec}.transfer_options.delete_objects_unique_in_sink`,
        true,
      );
      draft.set("transfer", "yellow_tripdata", `${spec}.gcs_data_sink.path`, "raw/green_tripdata/");
    },
    said: [
      `prod-transfer/yellow_tripdata deletes raw/green_tripdata/ that its source does not have, and prod-warehouse/green_tripdata_lake reads gs://${project}-prod-lake/raw/green_tripdata/*
    leave delete_objects_unique_in_sink out, or let it copy to landing/`,
    ],
  },
  "a rule that deletes what a table reads": {
    change: (draft) => {
      const rule = { action: { type: "Delete" }, condition: { age: 30, matches_prefix: ["raw/taxi_"] } };
      // Of these two the second touches no living object.
      const old = { action: { type: "Delete" }, condition: { num_newer_versions: 3, with_state: "ANY" } };
      draft.set("lake", "lake", "lifecycle_rule", [rule, old]);
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
      draft.set("network", "platform/subnet", "name", "my_subnet");
    },
    said: [
      `prod-network/platform/subnet is named "my_subnet"
    a google_compute_subnetwork is named by 1 to 63 lower-case letters, digits and dashes, a letter first`,
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
  "a module": {
    change: (draft) => {
      new TerraformHclModule(draft.stack("lake"), "theirs", {
        source: "terraform-google-modules/log-export/google",
      });
    },
    said: [
      `prod-lake/theirs is a module: what it makes is not in the synthesized stack, and no rule sees it
    make it of constructs or resources`,
    ],
  },
  "a resource written into the JSON by an override": {
    change: (draft) => {
      draft
        .stack("lake")
        .addOverride("resource.google_storage_hmac_key.mine", { service_account_email: "me" });
    },
    said: [
      `prod-lake/google_storage_hmac_key.mine makes a key (google_storage_hmac_key)
    let it act by identity: a service account, or a role taken on`,
    ],
  },
};

describe("all rules broken at once, in all stacks", () => {
  const error = synthError({}, (draft) => {
    for (const { change } of Object.values(broken)) change(draft);
  });
  if (!(error instanceof GuardrailError)) throw error ?? new Error("nothing was found");
  const said = error.findings.map(({ path, found, fix }) => `${path} ${found}\n    ${fix}`);

  test.each(Object.entries(broken))("%s is found, with the construct's path and the fix", (_, expected) => {
    expect(said).toEqual(expect.arrayContaining([...expected.said]));
  });

  test("and nothing else", () => {
    expect(said).toHaveLength(Object.values(broken).flatMap((one) => one.said).length);
  });

  test("the message lists them", () => {
    expect(error.message).toBe(
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

  test("tables that are no data sets have a record as well, down to the columns inside of columns", () => {
    const add = (type: "TIMESTAMP" | "DATETIME") => (draft: Draft) => {
      const dataset = WarehouseDataset.fromName(draft.stack("warehouse"), "core_again", "prod_core");
      const stops = {
        name: "stops",
        type: "RECORD",
        mode: "REPEATED",
        fields: [{ name: "at", type, mode: "REQUIRED" }],
      } as const;
      new NativeTable(draft.stack("warehouse"), "days", { dataset, name: "days", columns: [stops] });
    };
    const columns = { stops: "RECORD REPEATED", "stops.at": "TIMESTAMP REQUIRED" };
    const schemas = { "core.days": { partition: "none", columns } };
    expect(synthError({ schemas }, add("TIMESTAMP"))).toBeUndefined();
    // A record that is new may hold columns that must be filled.
    const before = { "core.days": { partition: "none", columns: {} } };
    expect(synthError({ schemas: before }, add("TIMESTAMP"))).toBeUndefined();
    expect(synthError({ schemas }, add("DATETIME"))?.message).toContain(
      "prod-warehouse/days the column stops.at changes from TIMESTAMP REQUIRED to DATETIME REQUIRED: BigQuery would answer",
    );
  });

  test("the record decides: without an entry a table may be replaced", () => {
    const schemas = { taxi_zones: { partition: "none", columns: {} } };
    expect(synthError({ schemas })?.message).toContain("the new column LocationID is REQUIRED");
    expect(synthError({ schemas: {} })).toBeUndefined();
  });
});
