import type { TerraformStack } from "cdktf";
import { CloudRunJob, type CloudRunJobProps } from "../../constructs/cloud-run-job";
import { KmsKey } from "../../constructs/kms-key";
import { PostgresInstance } from "../../constructs/postgres-instance";
import { PrivateNetwork } from "../../constructs/private-network";
import { Secret } from "../../constructs/secret";
import { ServiceIdentity } from "../../constructs/service-identity";
import { StorageBucket } from "../../constructs/storage-bucket";
import { resources, stackOf } from "../support/stack";
import { dependsOn, image, location, member, only, reader, refusal } from "./support";

const type = "google_cloud_run_v2_job";
const network = {
  resourceName: "projects/p/global/networks/n",
  subnetResourceName: "projects/p/regions/r/subnetworks/s",
};
const add = (stack: TerraformStack, props: Partial<CloudRunJobProps> = {}) =>
  new CloudRunJob(stack, "job", {
    name: "ingest",
    location,
    image,
    ...props,
    identity: props.identity ?? reader(stack),
  });
const job = (props: Partial<CloudRunJobProps> = {}) => only(type, (stack) => add(stack, props));

describe("CloudRunJob", () => {
  test("runs as its own account, within limits, and shows no difference for what changed it last", () => {
    expect(job()).toEqual({
      name: "ingest",
      location,
      deletion_protection: true,
      lifecycle: { ignore_changes: ["client", "client_version"] },
      template: {
        task_count: 1,
        parallelism: 1,
        template: {
          service_account: "reader@p.iam.gserviceaccount.com",
          timeout: "3600s",
          max_retries: 0,
          execution_environment: "EXECUTION_ENVIRONMENT_GEN2",
          containers: [{ image, env: [], resources: { limits: { cpu: "1", memory: "2Gi" } } }],
        },
      },
    });
  });

  test("accepts arguments, size, retries, tasks and labels", () => {
    const props = {
      args: ["run"],
      cpu: 4,
      memoryGib: 8,
      timeoutSeconds: 60,
      maxRetries: 3,
      taskCount: 10,
      parallelism: 5,
      labels: { a: "b" },
      deletionProtection: false,
    };
    expect(job(props)).toMatchObject({
      labels: { a: "b" },
      deletion_protection: false,
      template: {
        task_count: 10,
        parallelism: 5,
        template: {
          timeout: "60s",
          max_retries: 3,
          containers: [{ args: ["run"], resources: { limits: { cpu: "4", memory: "8Gi" } } }],
        },
      },
    });
  });

  test("is encrypted with a key", () => {
    const key = "projects/p/locations/europe-west6/keyRings/r/cryptoKeys/k";
    const encrypted = only(type, (stack) => add(stack, { kmsKey: KmsKey.fromName(stack, "key", key) }));
    expect(encrypted).toMatchObject({ template: { template: { encryption_key: key } } });
  });

  test("reads secrets by version, and reaches databases by socket or network", () => {
    const found = only(type, (stack) =>
      add(stack, {
        environment: { A: "b" },
        secrets: { TOKEN: Secret.fromName(stack, "token", "token").version(3) },
        cloudSqlInstances: [PostgresInstance.fromConnectionName(stack, "db", "p:r:i")],
        network: PrivateNetwork.fromNames(stack, "network", network),
      }),
    );
    expect(found).toMatchObject({
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
            network_interfaces: [{ network: network.resourceName, subnetwork: network.subnetResourceName }],
          },
        },
      },
    });
  });

  test("accepts a new network and a new instance like imported ones", () => {
    const found = only(type, (stack) => {
      const created = new PrivateNetwork(stack, "net", { name: "n", location, subnetRange: "10.0.0.0/24" });
      const db = new PostgresInstance(stack, "db", { name: "d", location, network: created, databases: [] });
      add(stack, { network: created, cloudSqlInstances: [db] });
    });
    expect(JSON.stringify(found)).toMatch(
      /"network":"\$\{google_compute_network\.net_\w+\.id\}","subnetwork":"\$\{google_compute_subnetwork\.net_subnet_\w+\.id\}"/,
    );
    expect(JSON.stringify(found)).toMatch(/"\$\{google_sql_database_instance\.db_\w+\.connection_name\}"/);
  });

  test("waits for grantActAs on its account and for a grant it is given, whichever is called first", () => {
    const json = stackOf((stack) => {
      const lake = StorageBucket.fromName(stack, "lake", "lake");
      const identity = new ServiceIdentity(stack, "ingest", { name: "my-ingest", description: "d" });
      add(stack, { identity, dependsOn: [lake.grantWrite(identity)] });
      identity.grantActAs(deployer(stack));
    });
    expect(dependsOn(json, type)).toEqual([
      [
        "google_service_account_iam_member.ingest_iam-service-account-user-deployer",
        "google_storage_bucket_iam_member.lake_storage-object-user-ingest",
      ],
    ]);
  });

  test("rejects images by tag, secrets by alias, and sizes that Cloud Run does not offer", () => {
    const wrong = {
      name: "Ingest",
      image: "ingest:latest",
      memoryGib: 8,
      maxRetries: 11,
      parallelism: 2,
      environment: { TOKEN: "t" },
      secrets: { TOKEN: { secret: "token", version: "latest" } },
    };
    expect(refusal(() => job(wrong))).toBe(`CloudRunJob at test/job:
  - name: "Ingest" must be at most 49 lowercase letters, digits and hyphens
  - image: "ingest:latest" must be pinned by digest, ending in @sha256:<64 hex digits>: a tag can be moved after the review
  - memoryGib: 8 exceeds 4 GiB, the maximum for 1 CPU
  - maxRetries: 11 must be an integer from 0 to 10
  - parallelism: 2 must be an integer from 1 to 1
  - secrets.TOKEN: also in environment; remove one of the two
  - secrets.TOKEN.version: "latest" must be a number, not an alias`);
    expect(refusal(() => job({ cpu: 8, memoryGib: 2 }))).toContain(
      "memoryGib: 2 is less than 4 GiB, the minimum for 8 CPU",
    );
    expect(refusal(() => job({ cpu: 3 }))).toContain("cpu: 3 must be 1, 2, 4 or 8");
  });

  test("grants to start it, and apart from that to start it with other arguments, or a role of one's own", () => {
    const json = stackOf((stack) => {
      const imported = CloudRunJob.fromName(stack, "job", "ingest", location);
      const identity = reader(stack);
      imported.grantRun(identity);
      imported.grantRunWithArguments(deployer(stack));
      imported.grant(identity, "projects/p/roles/run");
    });
    const granted = { name: "ingest", location };
    expect(resources(json, "google_cloud_run_v2_job_iam_member")).toMatchObject([
      { ...granted, role: "roles/run.invoker", member },
      { ...granted, role: "roles/run.jobsExecutorWithOverrides" },
      { ...granted, role: "projects/p/roles/run", member },
      { ...granted, role: "roles/run.viewer" },
    ]);
    expect(resources(json, type)).toEqual([]);
  });

  test("is started by a request, new or imported, with other arguments if there are some", () => {
    const targets: unknown[] = [];
    stackOf((stack) => {
      targets.push(CloudRunJob.fromName(stack, "theirs", "theirs", location, "q").startTarget());
      targets.push(CloudRunJob.fromName(stack, "other", "o", location, "q").startTarget(["run", "-v"]));
    });
    const jobs = `https://run.googleapis.com/v2/projects/q/locations/${location}/jobs`;
    expect(targets).toEqual([
      { uri: `${jobs}/theirs:run`, body: undefined },
      {
        uri: `${jobs}/o:run`,
        body: '{"overrides":{"containerOverrides":[{"args":["run","-v"]}]}}',
      },
    ]);
  });
});

function deployer(stack: TerraformStack) {
  return ServiceIdentity.fromEmail(stack, "deployer", "deployer@p.iam.gserviceaccount.com");
}
