import { ComposerEnvironment, type ComposerEnvironmentProps } from "../../constructs/composer-environment";
import { KmsKey } from "../../constructs/kms-key";
import { PrivateNetwork } from "../../constructs/private-network";
import { ServiceIdentity } from "../../constructs/service-identity";
import { StorageBucket } from "../../constructs/storage-bucket";
import { stackOf } from "../support/stack";
import { dependsOn, location, only, reader, refusal } from "./support";

const type = "google_composer_environment";
const network = "projects/p/global/networks/n";
const subnet = "projects/p/regions/europe-west6/subnetworks/s";
const key = "projects/p/locations/europe-west6/keyRings/r/cryptoKeys/k";

const environment = (props: Partial<ComposerEnvironmentProps> = {}, encrypted = false) =>
  only(type, (stack) => {
    new ComposerEnvironment(stack, "airflow", {
      name: "airflow",
      location,
      airflowVersion: "3.1.7",
      identity: reader(stack),
      bucket: StorageBucket.fromName(stack, "bucket", "my-bucket"),
      network: PrivateNetwork.fromNames(stack, "network", {
        resourceName: network,
        subnetResourceName: subnet,
      }),
      ...(encrypted && { kmsKey: KmsKey.fromName(stack, "key", key) }),
      ...props,
    });
  });

describe("ComposerEnvironment", () => {
  test("has no public addresses, its own account, and a bucket that outlives it", () => {
    expect(environment()).toEqual({
      name: "airflow",
      region: location,
      storage_config: { bucket: "my-bucket" },
      config: {
        environment_size: "ENVIRONMENT_SIZE_SMALL",
        enable_private_environment: true,
        enable_private_builds_only: true,
        node_config: { service_account: "reader@p.iam.gserviceaccount.com", network, subnetwork: subnet },
        software_config: { image_version: "composer-3-airflow-3.1.7" },
        workloads_config: { worker: { min_count: 1, max_count: 3 } },
      },
    });
  });

  test("accepts a key, a size, workers, and settings of Airflow", () => {
    const airflowConfig = { "core-parallelism": "8" };
    expect(environment({ size: "LARGE", maxWorkers: 6, airflowConfig }, true)).toMatchObject({
      config: {
        environment_size: "ENVIRONMENT_SIZE_LARGE",
        software_config: { airflow_config_overrides: airflowConfig },
        workloads_config: { worker: { max_count: 6 } },
        encryption_config: { kms_key_name: key },
      },
    });
  });

  test("waits for the role of its account", () => {
    const json = stackOf((stack) => {
      const identity = new ServiceIdentity(stack, "airflow", { name: "my-airflow", description: "d" });
      const worker = identity.grantOnProject("roles/composer.worker");
      new ComposerEnvironment(stack, "environment", {
        name: "airflow",
        location,
        airflowVersion: "3.1.7",
        identity,
        bucket: StorageBucket.fromName(stack, "bucket", "my-bucket"),
        network: PrivateNetwork.fromNames(stack, "network", {
          resourceName: network,
          subnetResourceName: subnet,
        }),
        dependsOn: [worker],
      });
    });
    expect(dependsOn(json, type)).toEqual([["google_project_iam_member.airflow_composer-worker"]]);
  });

  test("rejects names, versions and numbers of workers that are not valid", () => {
    const invalid = { name: "Airflow", airflowVersion: "3", maxWorkers: 0 };
    const said = refusal(() => environment(invalid));
    for (const prop of Object.keys(invalid)) expect(said).toContain(`${prop}: `);
  });
});
