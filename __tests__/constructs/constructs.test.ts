import type { TerraformStack } from "cdktf";
import { ArtifactRepository } from "../../constructs/artifact-repository";
import { AwsTransferRole } from "../../constructs/aws-transfer-role";
import { ConstructError } from "../../constructs/errors";
import { ExternalTable } from "../../constructs/external-table";
import { CloudRunJob, type CloudRunJobProps } from "../../constructs/cloud-run-job";
import { HttpSchedule } from "../../constructs/http-schedule";
import { NativeTable } from "../../constructs/native-table";
import { Workflow } from "../../constructs/workflow";
import { PostgresInstance } from "../../constructs/postgres-instance";
import { S3Transfer } from "../../constructs/s3-transfer";
import { GoogleGroup, ServiceIdentity } from "../../constructs/service-identity";
import { StorageBucket } from "../../constructs/storage-bucket";
import { View } from "../../constructs/view";
import { WarehouseDataset } from "../../constructs/warehouse-dataset";
import { resources, stackOf } from "../support/stack";

const location = "europe-west6";
const image = `europe-docker.pkg.dev/p/images/ingest@sha256:${"0".repeat(64)}`;
const account = (stack: TerraformStack) =>
  ServiceIdentity.fromEmail(stack, "reader", "reader@p.iam.gserviceaccount.com");

describe("StorageBucket", () => {
  test("is closed, versioned, and clears away what was never finished, unless told otherwise", () => {
    const json = stackOf((stack) => new StorageBucket(stack, "lake", { name: "my-lake", location: "eu" }));
    expect(resources(json, "google_storage_bucket")).toEqual([
      {
        name: "my-lake",
        location: "EU",
        storage_class: "STANDARD",
        uniform_bucket_level_access: true,
        public_access_prevention: "enforced",
        force_destroy: false,
        versioning: { enabled: true },
        soft_delete_policy: { retention_duration_seconds: 604_800 },
        lifecycle_rule: [
          { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7, with_state: "ANY" } },
          {
            action: { type: "Delete" },
            condition: { days_since_noncurrent_time: 30, num_newer_versions: 2, with_state: "ARCHIVED" },
          },
        ],
      },
    ]);
  });

  test("grants are single members, on buckets it made and on others", () => {
    const json = stackOf((stack) => {
      const lake = StorageBucket.fromName(stack, "lake", "my-lake");
      lake.grantRead(account(stack), "manifests/");
      lake.grantWrite(new GoogleGroup(stack, "team", "team@example.com"));
    });
    expect(resources(json, "google_storage_bucket_iam_member")).toEqual([
      {
        bucket: "my-lake",
        role: "roles/storage.objectUser",
        member: "group:team@example.com",
      },
      {
        bucket: "my-lake",
        role: "roles/storage.objectViewer",
        member: "serviceAccount:reader@p.iam.gserviceaccount.com",
        condition: {
          title: "this-prefix-only",
          expression: 'resource.name.startsWith("projects/_/buckets/my-lake/objects/manifests/")',
        },
      },
    ]);
    expect(resources(json, "google_storage_bucket")).toEqual([]);
  });

  test("all that is wrong is said at once, with the construct's path", () => {
    const build = () =>
      stackOf(
        (stack) =>
          new StorageBucket(stack, "lake", {
            name: "L",
            location,
            softDeleteDays: 3,
            expireDays: { raw: 0 },
          }),
      );
    expect(build).toThrow(ConstructError);
    expect(build).toThrow(
      new ConstructError(
        `StorageBucket at test/lake:
  - name: "L" must be 3 to 63 lower-case letters, digits, dashes, dots and underscores
  - softDeleteDays: 3 must be 0, or 7 to 90
  - expireDays: "raw" after 0 days must be a prefix that ends in / and at least 1 day`,
      ),
    );
  });
});

describe("tables", () => {
  const columns = [
    { name: "id", type: "INTEGER", mode: "REQUIRED", description: "Costs ${price}, 100 %{sure}." },
    { name: "day", type: "DATE" },
  ] as const;
  const raw = (stack: TerraformStack) => WarehouseDataset.fromName(stack, "raw", "raw");

  test("a native table is partitioned, clustered, protected; texts are no expressions", () => {
    const json = stackOf(
      (stack) =>
        new NativeTable(stack, "trips", {
          dataset: raw(stack),
          name: "trips",
          columns,
          partition: { column: "day", granularity: "month" },
          cluster: ["id"],
        }),
    );
    expect(resources(json, "google_bigquery_table")).toEqual([
      {
        dataset_id: "raw",
        table_id: "trips",
        schema: JSON.stringify([
          { name: "id", type: "INTEGER", mode: "REQUIRED", description: "Costs $${price}, 100 %%{sure}." },
          { name: "day", type: "DATE", mode: "NULLABLE" },
        ]),
        time_partitioning: { type: "MONTH", field: "day" },
        require_partition_filter: false,
        clustering: ["id"],
        deletion_protection: true,
      },
    ]);
  });

  test("an external table reads the files under a prefix, their folders as columns", () => {
    const json = stackOf(
      (stack) =>
        new ExternalTable(stack, "trips", {
          dataset: raw(stack),
          name: "trips",
          columns,
          bucket: "my-lake",
          prefix: "raw/trips/",
          hiveKeys: [{ name: "year", type: "INTEGER" }],
        }),
    );
    expect(resources(json, "google_bigquery_table")).toMatchObject([
      {
        ignore_auto_generated_schema: true,
        external_data_configuration: {
          autodetect: false,
          source_uris: ["gs://my-lake/raw/trips/*"],
          hive_partitioning_options: {
            mode: "CUSTOM",
            source_uri_prefix: "gs://my-lake/raw/trips/{year:INTEGER}",
          },
        },
      },
    ]);
  });

  test("a view speaks standard SQL", () => {
    const json = stackOf(
      (stack) => new View(stack, "v", { dataset: raw(stack), name: "v", query: "select 1" }),
    );
    expect(resources(json, "google_bigquery_table")).toMatchObject([
      { view: { query: "select 1", use_legacy_sql: false } },
    ]);
  });

  test("columns can be lists and records, and partitions have an end", () => {
    const nested = [
      { name: "day", type: "DATE" },
      {
        name: "stops",
        type: "RECORD",
        mode: "REPEATED",
        fields: [{ name: "at", type: "TIMESTAMP", mode: "REQUIRED" }],
      },
    ] as const;
    const partition = { column: "day", granularity: "day", expiryDays: 30 } as const;
    const json = stackOf(
      (stack) => new NativeTable(stack, "t", { dataset: raw(stack), name: "t", columns: nested, partition }),
    );
    const stops = { name: "stops", type: "RECORD", mode: "REPEATED" };
    expect(resources(json, "google_bigquery_table")).toMatchObject([
      {
        schema: JSON.stringify([
          { name: "day", type: "DATE", mode: "NULLABLE" },
          { ...stops, fields: [{ name: "at", type: "TIMESTAMP", mode: "REQUIRED" }] },
        ]),
        time_partitioning: { type: "DAY", expiration_ms: 2_592_000_000 },
      },
    ]);
    const faulty = [
      { name: "stops", type: "RECORD" },
      { name: "id", type: "JSON", fields: [{ name: "a", type: "JSON" }] },
    ] as const;
    expect(() =>
      stackOf((stack) => new NativeTable(stack, "t", { dataset: raw(stack), name: "t", columns: faulty })),
    ).toThrow(`NativeTable at test/t:
  - columns.stops.fields: must not be empty
  - columns.id.fields: only a RECORD has columns inside, not JSON`);
  });

  test("a partition and clusters must be columns of the table", () => {
    const props = {
      name: "t",
      columns,
      partition: { column: "id", granularity: "day" },
      cluster: ["nothing"],
    } as const;
    expect(() => stackOf((stack) => new NativeTable(stack, "t", { ...props, dataset: raw(stack) }))).toThrow(
      `NativeTable at test/t:
  - partition.column: "id" must be a DATE, DATETIME or TIMESTAMP column of the table
  - cluster: there is no column "nothing"`,
    );
  });
});

describe("CloudRunJob", () => {
  const job = (props: Partial<CloudRunJobProps>) =>
    stackOf(
      (stack) =>
        new CloudRunJob(stack, "job", {
          name: "ingest",
          location,
          image,
          identity: account(stack),
          ...props,
        }),
    );

  test("runs as its own account, within limits, and shows no difference for who touched it last", () => {
    expect(resources(job({}), "google_cloud_run_v2_job")).toMatchObject([
      {
        deletion_protection: true,
        lifecycle: { ignore_changes: ["client", "client_version"] },
        template: {
          task_count: 1,
          parallelism: 1,
          template: {
            service_account: "reader@p.iam.gserviceaccount.com",
            timeout: "3600s",
            max_retries: 0,
            containers: [{ image, resources: { limits: { cpu: "1", memory: "2Gi" } } }],
          },
        },
      },
    ]);
  });

  test("secrets come by version, the database by socket or network", () => {
    const json = job({
      environment: { A: "b" },
      secrets: { TOKEN: { secret: "token", version: "3" } },
      cloudSqlInstances: ["p:r:i"],
      network: { network: "n", subnetwork: "s" },
    });
    expect(resources(json, "google_cloud_run_v2_job")).toMatchObject([
      {
        template: {
          template: {
            containers: [
              {
                env: [
                  { name: "A", value: "b" },
                  { name: "TOKEN", value_source: { secret_key_ref: { secret: "token", version: "3" } } },
                ],
                volume_mounts: [{ name: "cloudsql", mount_path: "/cloudsql" }],
              },
            ],
            volumes: [{ name: "cloudsql", cloud_sql_instance: { instances: ["p:r:i"] } }],
            vpc_access: {
              egress: "PRIVATE_RANGES_ONLY",
              network_interfaces: [{ network: "n", subnetwork: "s" }],
            },
          },
        },
      },
    ]);
  });

  test("refuses images by tag, secrets by alias, and more memory than its CPUs take", () => {
    expect(() =>
      job({
        image: "ingest:latest",
        memoryGib: 8,
        secrets: { TOKEN: { secret: "token", version: "latest" } },
      }),
    ).toThrow(
      `CloudRunJob at test/job:
  - image: "ingest:latest" must be given by digest, ending in @sha256:<64 hex digits>: a tag can be moved after the review
  - memoryGib: 8 is more than 4 GiB, the most 1 CPU take
  - secrets.TOKEN.version: "latest" must be a number, not an alias`,
    );
  });

  test("starting it with other arguments is a grant of its own", () => {
    const json = stackOf((stack) => {
      CloudRunJob.fromName(stack, "job", "ingest", location).grantRunWithArguments(account(stack));
    });
    expect(resources(json, "google_cloud_run_v2_job_iam_member")).toMatchObject([
      { name: "ingest", role: "roles/run.jobsExecutorWithOverrides" },
      { name: "ingest", role: "roles/run.viewer" },
    ]);
  });
});

describe("ServiceIdentity", () => {
  test.each(["roles/owner", "roles/storage.admin", "roles/iam.serviceAccountTokenCreator"])(
    "does not get %s on a project",
    (role) => {
      expect(() =>
        stackOf((stack) => {
          new ServiceIdentity(stack, "ingest", { name: "my-ingest", description: "d" }).grantOnProject(role);
        }),
      ).toThrow(`role: ${role} on the whole project is more than a workload needs`);
    },
  );

  test("who may act as it is said on the account alone", () => {
    const json = stackOf((stack) => {
      new ServiceIdentity(stack, "ingest", { name: "my-ingest", description: "d" }).grantActAs(
        account(stack),
      );
    });
    expect(resources(json, "google_service_account_iam_member")).toMatchObject([
      { role: "roles/iam.serviceAccountUser", member: "serviceAccount:reader@p.iam.gserviceaccount.com" },
    ]);
  });
});

describe("PostgresInstance", () => {
  const network = "projects/p/global/networks/n";

  test("is reached from its network only, over TLS, and logs who did what", () => {
    const json = stackOf(
      (stack) =>
        new PostgresInstance(stack, "db", { name: "db-1", region: location, network, databases: ["trips"] }),
    );
    expect(resources(json, "google_sql_database_instance")).toMatchObject([
      {
        deletion_protection: true,
        lifecycle: { ignore_changes: ["settings[0].disk_size"] },
        settings: {
          edition: "ENTERPRISE",
          deletion_protection_enabled: true,
          ip_configuration: {
            ipv4_enabled: false,
            private_network: network,
            ssl_mode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
          },
          backup_configuration: {
            enabled: true,
            point_in_time_recovery_enabled: true,
            transaction_log_retention_days: 7,
          },
        },
      },
    ]);
    const flags = JSON.stringify(resources(json, "google_sql_database_instance"));
    expect(flags).toContain('{"name":"cloudsql.iam_authentication","value":"on"}');
    expect(flags).toContain('{"name":"cloudsql.enable_pgaudit","value":"on"}');
    expect(resources(json, "google_sql_database")).toMatchObject([
      { name: "trips", deletion_policy: "ABANDON" },
    ]);
  });

  test("lets an account log in to this instance, and to no other", () => {
    const json = stackOf((stack) => {
      PostgresInstance.fromName(stack, "db", "db-1", "p").grantConnect(account(stack));
    });
    expect(resources(json, "google_sql_user")).toMatchObject([
      { instance: "db-1", type: "CLOUD_IAM_SERVICE_ACCOUNT", deletion_policy: "ABANDON" },
    ]);
    const condition = {
      expression:
        'resource.type == "sqladmin.googleapis.com/Instance" && resource.name == "projects/p/instances/db-1"',
    };
    expect(resources(json, "google_project_iam_member")).toMatchObject([
      { role: "roles/cloudsql.client", condition },
      { role: "roles/cloudsql.instanceUser", condition },
    ]);
  });
});

describe("S3 to the lake", () => {
  test("the role is trusted to one agent, and reads what it is for", () => {
    const json = stackOf(
      (stack) =>
        new AwsTransferRole(stack, "role", {
          name: "transfer",
          accountId: "111122223333",
          subjectId: "1234567890",
          sources: [
            { bucket: "theirs", prefix: "trips/", kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k" },
          ],
        }),
    );
    const policies = [...resources(json, "aws_iam_role"), ...resources(json, "aws_iam_role_policy")].map(
      (found) => JSON.stringify(found).replaceAll("\\", ""),
    );
    expect(policies[0]).toContain('"StringEquals":{"accounts.google.com:sub":"1234567890"}');
    expect(policies[1]).toContain('"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::theirs/trips/*"]');
    expect(policies[1]).toContain('"Action":["kms:Decrypt"]');
    expect(policies[1]).not.toMatch(/s3:(Put|Delete)|sqs:/);
  });

  test("a schedule begins on a fixed day, and repeats in whole hours", () => {
    const transfer = (everyHours: number, sinkPrefix: string, firstDay = "2024-02-01", hour = 4) =>
      stackOf(
        (stack) =>
          new S3Transfer(stack, "copy", {
            name: "copy",
            description: "Copies",
            source: { bucket: "theirs" },
            roleArn: "arn:aws:iam::111122223333:role/transfer",
            sinkBucket: "my-lake",
            sinkPrefix,
            start: { kind: "schedule", firstDay, hour, everyHours },
          }),
      );
    expect(resources(transfer(24, "landing/"), "google_storage_transfer_job")).toMatchObject([
      {
        transfer_spec: { transfer_options: { overwrite_when: "DIFFERENT" } },
        schedule: { schedule_start_date: { year: 2024, month: 2, day: 1 }, repeat_interval: "86400s" },
      },
    ]);
    expect(() => transfer(24, "landing/", "2024-02-30", 24)).toThrow(
      `S3Transfer at test/copy:
  - start.firstDay: "2024-02-30" must be a day, YYYY-MM-DD
  - start.hour: 24 must be a whole number from 0 to 23`,
    );
    expect(() => transfer(0.5, "/landing/")).toThrow(
      `S3Transfer at test/copy:
  - sinkPrefix: "/landing/" must be folders that end in /, without a / before them
  - start.everyHours: 0.5 must be a whole number, at least 1`,
    );
  });
});

test("a workflow's expressions are Workflows' own, not Terraform's; a schedule starts it with an argument", () => {
  const json = stackOf((stack) => {
    const identity = account(stack);
    const workflow = new Workflow(stack, "flow", {
      name: "flow",
      location,
      description: "d",
      identity,
      source: { main: { steps: [{ end_it: { return: "${sys.now()}" } }] } },
    });
    const target = workflow.startTarget({ from: "2019-01" });
    new HttpSchedule(stack, "clock", { name: "clock", location, cron: "0 6 2 * *", target, identity });
  });
  expect(resources(json, "google_workflows_workflow")).toMatchObject([
    {
      source_contents: '{"main":{"steps":[{"end_it":{"return":"$${sys.now()}"}}]}}',
      deletion_protection: true,
    },
  ]);
  const [schedule] = resources(json, "google_cloud_scheduler_job");
  expect(JSON.stringify(schedule).replaceAll("\\", "")).toContain('{"argument":"{"from":"2019-01"}"}');
  expect(schedule).toMatchObject({ time_zone: "Etc/UTC", http_target: { http_method: "POST" } });
});

test("images keep their tags, and clean-up begins by telling what it would do", () => {
  const json = stackOf((stack) => {
    const images = new ArtifactRepository(stack, "images", { name: "images", location, description: "d" });
    images.grantPull(account(stack));
  });
  expect(resources(json, "google_artifact_registry_repository")).toMatchObject([
    { docker_config: { immutable_tags: true }, cleanup_policy_dry_run: true },
  ]);
});
