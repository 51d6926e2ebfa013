import type { TerraformStack } from "cdktf";
import { KafkaCluster, type KafkaClusterProps } from "../../constructs/kafka-cluster";
import { KmsKey } from "../../constructs/kms-key";
import { PrivateNetwork } from "../../constructs/private-network";
import { ServiceIdentity } from "../../constructs/service-identity";
import { resources, stackOf } from "../support/stack";
import { dependsOn, location, only, refusal } from "./support";

const subnet = "projects/p/regions/r/subnetworks/s";
const add = (stack: TerraformStack, props: Partial<KafkaClusterProps> = {}) =>
  new KafkaCluster(stack, "kafka", {
    name: "streams",
    location,
    network: PrivateNetwork.fromNames(stack, "network", {
      resourceName: "projects/p/global/networks/n",
      subnetResourceName: subnet,
    }),
    ...props,
  });
const key = "projects/p/locations/l/keyRings/r/cryptoKeys/k";

describe("KafkaCluster", () => {
  test("is the smallest one by default, and is reached from the subnet only", () => {
    expect(only("google_managed_kafka_cluster", add)).toEqual({
      cluster_id: "streams",
      location,
      capacity_config: { vcpu_count: "3", memory_bytes: "3221225472" },
      gcp_config: { access_config: { network_configs: [{ subnet }] } },
      rebalance_config: { mode: "AUTO_REBALANCE_ON_SCALE_UP" },
    });
  });

  test("has the size, the key and the labels that are requested, and waits for what it depends on", () => {
    const json = stackOf((stack) => {
      const account = new ServiceIdentity(stack, "first", { name: "first-one", description: "d" });
      const kmsKey = KmsKey.fromName(stack, "key", key);
      add(stack, { vcpus: 6, memoryGib: 24, kmsKey, labels: { team: "data" }, dependsOn: [account] });
    });
    expect(resources(json, "google_managed_kafka_cluster")).toMatchObject([
      {
        capacity_config: { vcpu_count: "6", memory_bytes: "25769803776" },
        gcp_config: { kms_key: key },
        labels: { team: "data" },
      },
    ]);
    expect(dependsOn(json, "google_managed_kafka_cluster")).toEqual([["google_service_account.first"]]);
  });

  test("refuses what the service would refuse", () => {
    expect(refusal((stack) => add(stack, { name: "Streams", vcpus: 2, memoryGib: 17 }))).toBe(
      "KafkaCluster at test/kafka:\n" +
        '  - name: "Streams" must be 1 to 63 lowercase letters, digits and hyphens, starting with a letter\n' +
        "  - vcpus: 2 must be an integer of at least 3\n" +
        "  - memoryGib: 17 must be an integer from 2 to 16",
    );
    expect(refusal((stack) => add(stack).addTopic("rides", { name: "..", partitions: 0 }))).toContain(
      'name: ".." must be at most 249 letters, digits, ., - and _\n  - partitions: 0 must be an integer of at least 1',
    );
  });
});
