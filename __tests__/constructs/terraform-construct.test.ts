import { CloudResourceConnection } from "../../constructs/cloud-resource-connection";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DataGoogleProject } from "@cdktf/provider-google/lib/data-google-project";
import { ProjectService } from "@cdktf/provider-google/lib/project-service";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { TerraformHclModule, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { Alert } from "../../constructs/alert";
import { ArtifactRepository } from "../../constructs/artifact-repository";
import { AwsTransferRole } from "../../constructs/aws-transfer-role";
import { Budget } from "../../constructs/budget";
import { CiIdentity } from "../../constructs/ci-identity";
import { CloudRunJob } from "../../constructs/cloud-run-job";
import { EnabledApis } from "../../constructs/enabled-apis";
import { ExternalTable } from "../../constructs/external-table";
import { HttpSchedule } from "../../constructs/http-schedule";
import { NativeTable } from "../../constructs/native-table";
import { NotificationChannel } from "../../constructs/notification-channel";
import { PostgresInstance } from "../../constructs/postgres-instance";
import { PrivateNetwork } from "../../constructs/private-network";
import { S3EventQueues } from "../../constructs/s3-event-queues";
import { S3Transfer } from "../../constructs/s3-transfer";
import { Secret } from "../../constructs/secret";
import { ServiceIdentity } from "../../constructs/service-identity";
import { StorageBucket } from "../../constructs/storage-bucket";
import type { Dependency } from "../../constructs/terraform-construct";
import { View } from "../../constructs/view";
import { WarehouseDataset } from "../../constructs/warehouse-dataset";
import { Workflow } from "../../constructs/workflow";
import { stackOf } from "../support/stack";
import { dependsOn, image, location, reader, withApp } from "./support";

const bucket = (scope: Construct, id: string) => new StorageBucket(scope, id, { name: `my-${id}`, location });

/** Every construct that creates something, and what it creates first. */
const constructs: Record<string, (stack: TerraformStack, dependsOn: readonly Dependency[]) => Construct> = {
  google_artifact_registry_repository: (stack, dependsOn) =>
    new ArtifactRepository(stack, "x", { name: "images", location, description: "d", dependsOn }),
  google_bigquery_dataset: (stack, dependsOn) =>
    new WarehouseDataset(stack, "x", { name: "raw", location, description: "d", dependsOn }),
  google_billing_budget: (stack, dependsOn) =>
    new Budget(stack, "x", {
      name: "n",
      billingAccount: "012345-6789AB-CDEF01",
      projectNumber: "42",
      amount: 1,
      currency: "EUR",
      channels: [NotificationChannel.fromName("c")],
      dependsOn,
    }),
  google_cloud_run_v2_job: (stack, dependsOn) =>
    new CloudRunJob(stack, "x", { name: "ingest", location, image, identity: reader(stack), dependsOn }),
  google_cloud_scheduler_job: (stack, dependsOn) => {
    const target = { uri: "https://example.googleapis.com" };
    const clock = { name: "clock", location, cron: "0 6 * * *", identity: reader(stack), target };
    return new HttpSchedule(stack, "x", { ...clock, dependsOn });
  },
  google_compute_network: (stack, dependsOn) =>
    new PrivateNetwork(stack, "x", { name: "n", location, subnetRange: "10.0.0.0/24", dependsOn }),
  google_iam_workload_identity_pool: (stack, dependsOn) => new CiIdentity(stack, "x", { ...ci, dependsOn }),
  google_project_iam_custom_role: (stack, dependsOn) => new CiIdentity(stack, "x", { ...ci, dependsOn }),
  google_monitoring_alert_policy: (stack, dependsOn) =>
    new Alert(stack, "x", {
      name: "n",
      guidance: "g",
      channels: [NotificationChannel.fromName("c")],
      conditions: [{ kind: "silent", name: "s", filter: "f", seconds: 3600 }],
      dependsOn,
    }),
  google_monitoring_notification_channel: (stack, dependsOn) =>
    new NotificationChannel(stack, "x", { name: "n", email: "ops@example.com", dependsOn }),
  google_secret_manager_secret: (stack, dependsOn) =>
    new Secret(stack, "x", { name: "token", location, dependsOn }),
  google_service_account: (stack, dependsOn) =>
    new ServiceIdentity(stack, "x", { name: "my-ingest", description: "d", dependsOn }),
  google_sql_database_instance: (stack, dependsOn) => {
    const names = {
      resourceName: "projects/p/global/networks/n",
      subnetResourceName: "projects/p/regions/r/subnetworks/s",
    };
    const network = PrivateNetwork.fromNames(stack, "network", names);
    return new PostgresInstance(stack, "x", { name: "db-1", location, network, databases: [], dependsOn });
  },
  google_storage_transfer_job: (stack, dependsOn) =>
    new S3Transfer(stack, "x", {
      name: "copy",
      description: "d",
      source: { bucket: "theirs" },
      role: AwsTransferRole.fromArn(stack, "role", "arn:aws:iam::111122223333:role/r"),
      sinkBucket: StorageBucket.fromName(stack, "lake", "my-lake"),
      sinkPrefix: "landing/",
      dependsOn,
    }),
  google_workflows_workflow: (stack, dependsOn) => {
    const source = { main: { steps: [] } };
    const flow = { name: "flow", location, description: "d", source, identity: reader(stack) };
    return new Workflow(stack, "x", { ...flow, dependsOn });
  },
  aws_iam_role: (stack, dependsOn) => {
    const ids = { name: "r", accountId: "111122223333", subjectId: "1" };
    return new AwsTransferRole(stack, "x", { ...ids, sources: [{ bucket: "b" }], dependsOn });
  },
  aws_sqs_queue: (stack, dependsOn) => {
    const place = { accountId: "111122223333", location: "eu-central-1", bucket: "b" };
    return new S3EventQueues(stack, "x", { ...place, queues: [{ name: "q", prefix: "a/" }], dependsOn });
  },
  ...Object.fromEntries(
    (["native", "external", "view"] as const).map((kind) => [
      `google_bigquery_table ${kind}`,
      (stack: TerraformStack, dependsOn: readonly Dependency[]) => table(stack, kind, dependsOn),
    ]),
  ),
};

function table(
  stack: TerraformStack,
  kind: "native" | "external" | "view",
  dependsOn: readonly Dependency[],
) {
  const props = { dataset: WarehouseDataset.fromName(stack, "raw", "raw"), name: "t", dependsOn };
  const columns = [{ name: "id", type: "INTEGER" }] as const;
  switch (kind) {
    case "native":
      return new NativeTable(stack, "x", { ...props, columns });
    case "external": {
      const files = { bucket: StorageBucket.fromName(stack, "lake", "my-lake"), prefix: "raw/" };
      const connection = CloudResourceConnection.fromConnectionId(
        stack,
        "connection",
        "p.europe-west6.lake",
        "c@x.example",
      );
      return new ExternalTable(stack, "x", { ...props, ...files, connection, columns });
    }
    case "view":
      return new View(stack, "x", { ...props, query: "select 1" });
  }
}

const ci = {
  project: "p",
  projectNumber: "42",
  poolName: "github",
  planAccount: "ci-plan",
  deployAccount: "ci-deploy",
  planRole: "plan",
  deployRole: "deploy",
  repositoryId: "1",
  ownerId: "2",
  branch: "main",
  environment: "production",
  planPermissions: [],
  deployPermissions: [],
  grantableRoles: ["roles/logging.logWriter"],
};

describe.each(Object.entries(constructs))("%s", (kind, create) => {
  const type = kind.replace(/ .*/, "");
  const first = "google_storage_bucket.first";

  test("waits for what is in dependsOn", () => {
    const json = stackOf((stack) => create(stack, [bucket(stack, "first")]));
    for (const waitsFor of dependsOn(json, type)) expect(waitsFor).toContain(first);
  });

  test("waits for what node.addDependency is given", () => {
    const json = stackOf((stack) => {
      create(stack, []).node.addDependency(bucket(stack, "first"));
    });
    expect(dependsOn(json, type).length).toBeGreaterThan(0);
    for (const waitsFor of dependsOn(json, type)) expect(waitsFor).toContain(first);
  });
});

describe("node.addDependency", () => {
  test("makes a job wait for a grant", () => {
    const json = stackOf((stack) => {
      const identity = reader(stack);
      const job = new CloudRunJob(stack, "job", { name: "ingest", location, image, identity });
      job.node.addDependency(StorageBucket.fromName(stack, "lake", "my-lake").grantWrite(identity));
    });
    expect(dependsOn(json, "google_cloud_run_v2_job")).toEqual([
      ["google_storage_bucket_iam_member.lake_storage-object-user-reader"],
    ]);
  });

  test("makes all resources of a construct wait for all resources of another", () => {
    const json = stackOf((stack) => {
      const apis = new EnabledApis(stack, "apis", { apis: ["compute", "run"] });
      const network = { name: "n", location, subnetRange: "10.0.0.0/24" };
      new PrivateNetwork(stack, "net", network).node.addDependency(apis);
    });
    const both = ["google_project_service.apis_compute", "google_project_service.apis_run"];
    for (const type of ["google_compute_network", "google_compute_subnetwork", "google_compute_firewall"])
      expect(dependsOn(json, type)).toEqual([both]);
  });

  test("accepts data sources, modules and plain resources of the providers", () => {
    const json = stackOf((stack) => {
      const plain = new ProjectService(stack, "plain", { service: "run.googleapis.com" });
      const data = new DataGoogleProject(stack, "data", { projectId: "p" });
      const module = new TerraformHclModule(stack, "module", { source: "example/module/google" });
      bucket(stack, "lake").node.addDependency(plain, data, module);
    });
    expect(dependsOn(json, "google_storage_bucket")).toEqual([
      ["google_project_service.plain", "data.google_project.data", "module.module"],
    ]);
  });

  test("of a scope around constructs holds for all of them, and nothing waits for itself", () => {
    const json = stackOf((stack) => {
      const scope = new Construct(stack, "scope");
      const first = bucket(scope, "first");
      bucket(scope, "second");
      scope.node.addDependency(first);
    });
    const all = JSON.stringify(dependsOn(json, "google_storage_bucket"));
    expect(all).toMatch(/^\[\[\],\["google_storage_bucket\.scope_first",.*\]\]$/);
    expect(all).not.toContain("second");
  });

  test("on a construct of another stack orders the stacks", () => {
    withApp((app) => {
      const [one, two] = [new TerraformStack(app, "one"), new TerraformStack(app, "two")];
      for (const stack of [one, two]) new GoogleProvider(stack, "google", { project: "p" });
      bucket(two, "second").node.addDependency(bucket(one, "first"));
      app.synth();
      const manifest = readFileSync(join(app.outdir, "manifest.json"), "utf8");
      expect(manifest).toMatch(/"dependencies": \[\s*"one"\s*\]/);
      expect(JSON.stringify(two.toTerraform())).not.toContain("depends_on");
    });
  });

  test("adds nothing when it is synthesized twice", () => {
    const [once, twice] = withApp((app) => {
      const stack = new TerraformStack(app, "s");
      new GoogleProvider(stack, "google", { project: "p" });
      const first = bucket(stack, "first");
      const second = new StorageBucket(stack, "second", { name: "my-second", location, dependsOn: [first] });
      second.node.addDependency(first);
      return [1, 2].map(() => {
        app.synth();
        return JSON.stringify(stack.toTerraform());
      });
    });
    expect(twice).toBe(once);
    // The bucket, and each of its bindings.
    expect(once?.match(/"depends_on":\["google_storage_bucket\.first_\w+",/g)).toHaveLength(5);
  });
});
