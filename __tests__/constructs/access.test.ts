import type { TerraformStack } from "cdktf";
import { Alert } from "../../constructs/alert";
import { ExternalTable } from "../../constructs/external-table";
import { CloudRunJob } from "../../constructs/cloud-run-job";
import { HttpSchedule } from "../../constructs/http-schedule";
import { NativeTable } from "../../constructs/native-table";
import { NotificationChannel } from "../../constructs/notification-channel";
import { PostgresInstance } from "../../constructs/postgres-instance";
import { Secret } from "../../constructs/secret";
import { GoogleGroup, GoogleUser, ServiceIdentity } from "../../constructs/service-identity";
import { StorageBucket } from "../../constructs/storage-bucket";
import { View } from "../../constructs/view";
import { WarehouseDataset } from "../../constructs/warehouse-dataset";
import { resources, stackOf } from "../support/stack";

const location = "europe-west6";
const account = (stack: TerraformStack) =>
  ServiceIdentity.fromEmail(stack, "reader", "reader@p.iam.gserviceaccount.com");
const member = "serviceAccount:reader@p.iam.gserviceaccount.com";

describe("reading some of a bucket", () => {
  test("is one grant, whatever the number of prefixes", () => {
    const json = stackOf((stack) => {
      StorageBucket.fromName(stack, "lake", "my-lake").grantRead(account(stack), "raw/", "manifests/");
    });
    expect(resources(json, "google_storage_bucket_iam_member")).toMatchObject([
      {
        role: "roles/storage.objectViewer",
        condition: {
          expression:
            'resource.name.startsWith("projects/_/buckets/my-lake/objects/raw/") || ' +
            'resource.name.startsWith("projects/_/buckets/my-lake/objects/manifests/")',
        },
      },
    ]);
  });
});

describe("single tables", () => {
  const columns = [{ name: "id", type: "INTEGER" }] as const;

  test("can be read and written by those who must not see all of their dataset", () => {
    const json = stackOf((stack) => {
      const dataset = WarehouseDataset.fromName(stack, "raw", "raw");
      const reader = account(stack);
      new NativeTable(stack, "native", { dataset, name: "trips", columns }).grantWrite(reader);
      new View(stack, "view", { dataset, name: "days", query: "select 1" }).grantRead(reader);
      const files = { dataset, name: "files", columns, bucket: "my-lake", prefix: "raw/" };
      new ExternalTable(stack, "external", files).grantRead(reader);
      NativeTable.fromName(stack, "theirs", dataset, "theirs").grantRead(reader);
    });
    const reads = { dataset_id: "raw", role: "roles/bigquery.dataViewer", member };
    expect(resources(json, "google_bigquery_table_iam_member")).toMatchObject([
      { table_id: "${google_bigquery_table.external_068F12D1.table_id}", role: reads.role, member },
      { table_id: "${google_bigquery_table.native_6B867B53.table_id}", role: "roles/bigquery.dataEditor" },
      { ...reads, table_id: "theirs" },
      { table_id: "${google_bigquery_table.view_E901BAE1.table_id}", role: reads.role, member },
    ]);
  });
});

describe("secrets", () => {
  test("have a place and readers, and no value", () => {
    const json = stackOf((stack) => {
      const token = new Secret(stack, "token", { name: "token", location });
      const identity = account(stack);
      token.grantRead(identity);
      const image = `europe-docker.pkg.dev/p/images/ingest@sha256:${"0".repeat(64)}`;
      const secrets = { TOKEN: token.version(3) };
      new CloudRunJob(stack, "job", { name: "ingest", location, image, identity, secrets });
    });
    const secret = "${google_secret_manager_secret.token_EC62706D.secret_id}";
    expect(resources(json, "google_secret_manager_secret")).toEqual([
      {
        secret_id: "token",
        replication: { user_managed: { replicas: [{ location }] } },
        deletion_protection: true,
      },
    ]);
    expect(resources(json, "google_secret_manager_secret_iam_member")).toEqual([
      { secret_id: secret, role: "roles/secretmanager.secretAccessor", member },
    ]);
    expect(JSON.stringify(json)).toContain(`{"secret":"${secret}","version":"3"}`);
    const [job] = resources(json, "google_cloud_run_v2_job");
    expect(job).toMatchObject({
      depends_on: [expect.stringMatching(/^google_secret_manager_secret_iam_member\./)],
    });
    expect(json.resource.google_secret_manager_secret_version).toBeUndefined();
  });
});

describe("the database", () => {
  test("knows service accounts, groups and people by the names Postgres has for them", () => {
    const json = stackOf((stack) => {
      const instance = PostgresInstance.fromName(stack, "db", "db-1", "p");
      instance.grantConnect(account(stack));
      instance.grantConnect(new GoogleGroup(stack, "analysts", "Analysts@example.com"));
      instance.grantConnect(new GoogleUser(stack, "ada", "ada@example.com"));
    });
    expect(resources(json, "google_sql_user")).toMatchObject([
      { name: "ada@example.com", type: "CLOUD_IAM_USER" },
      { name: "analysts@example.com", type: "CLOUD_IAM_GROUP" },
      {
        name: '${trimsuffix("reader@p.iam.gserviceaccount.com", ".gserviceaccount.com")}',
        type: "CLOUD_IAM_SERVICE_ACCOUNT",
      },
    ]);
    expect(resources(json, "google_project_iam_member")).toHaveLength(6);
  });
});

test("a schedule starts a job, with other arguments where there are some", () => {
  const json = stackOf((stack) => {
    const identity = account(stack);
    const image = `europe-docker.pkg.dev/p/images/ingest@sha256:${"0".repeat(64)}`;
    const job = new CloudRunJob(stack, "job", { name: "ingest", location, image, identity });
    const clock = { name: "clock", location, cron: "0 6 2 * *", identity };
    new HttpSchedule(stack, "bare", { ...clock, target: job.startTarget() });
    new HttpSchedule(stack, "full", { ...clock, target: job.startTarget(["run", "--period", "once"]) });
  });
  const [bare, full] = resources(json, "google_cloud_scheduler_job").map((found) => JSON.stringify(found));
  expect(bare).toMatch(/"uri":"https:\/\/run\.googleapis\.com\/v2\/projects\/[^"]+\/jobs\/[^"]+:run"/);
  expect(bare).not.toContain('"body"');
  expect(full?.replaceAll("\\", "")).toContain(
    '{"overrides":{"containerOverrides":[{"args":["run","--period","once"]}]}}',
  );
});

test("alerts go to a channel that exists already as well", () => {
  const resourceName = "projects/p/notificationChannels/1";
  const json = stackOf(
    (stack) =>
      new Alert(stack, "alert", {
        name: "n",
        guidance: "g",
        channel: NotificationChannel.fromName(resourceName),
        conditions: [{ kind: "silent", name: "s", filter: "f", seconds: 3600 }],
      }),
  );
  expect(resources(json, "google_monitoring_alert_policy")).toMatchObject([
    { notification_channels: [resourceName] },
  ]);
});

test("an alert waits no longer for silence than Monitoring can", () => {
  const channel = NotificationChannel.fromName("projects/p/notificationChannels/1");
  const silent = { kind: "silent", name: "nothing for a day", filter: "f", seconds: 86_400 } as const;
  expect(() =>
    stackOf(
      (stack) => new Alert(stack, "alert", { name: "n", guidance: "g", channel, conditions: [silent] }),
    ),
  ).toThrow(`Alert at test/alert:
  - conditions: "nothing for a day" after 86400 seconds must be in whole minutes from 120 to 84600`);
});
