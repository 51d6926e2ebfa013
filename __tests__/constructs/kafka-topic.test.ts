import type { TerraformStack } from "cdktf";
import { KafkaCluster } from "../../constructs/kafka-cluster";
import { PrivateNetwork } from "../../constructs/private-network";
import { ServiceIdentity } from "../../constructs/service-identity";
import { resources, stackOf } from "../support/stack";
import { like, location, only, reader } from "./support";

const add = (stack: TerraformStack) =>
  new KafkaCluster(stack, "kafka", {
    name: "streams",
    location,
    network: PrivateNetwork.fromNames(stack, "network", {
      resourceName: "projects/p/global/networks/n",
      subnetResourceName: "projects/p/regions/r/subnetworks/s",
    }),
  });

describe("KafkaTopic", () => {
  test("has a replica in each zone, and the settings that are requested", () => {
    expect(
      only("google_managed_kafka_topic", (stack) =>
        add(stack).addTopic("rides", { configs: { "retention.ms": "1000" } }),
      ),
    ).toEqual({
      cluster: like(/^\$\{google_managed_kafka_cluster\.kafka_\w+\.cluster_id\}$/),
      location: like(/^\$\{google_managed_kafka_cluster\.kafka_\w+\.location\}$/),
      topic_id: "rides",
      partition_count: 3,
      replication_factor: 3,
      configs: { "retention.ms": "1000" },
    });
  });

  test("has one list of who may use it, to which each grant adds", () => {
    const json = stackOf((stack) => {
      const cluster = add(stack);
      const [one, other] = [cluster.addTopic("one"), cluster.addTopic("other")];
      const writer = ServiceIdentity.fromEmail(stack, "writer", "writer@p.iam.gserviceaccount.com");
      one.grantProduce(writer);
      one.grantProduce(writer);
      one.grantConsume(reader(stack), "sink");
      other.grantConsume(writer, "sink");
    });
    const entry = (name: string, operation: string) => ({
      principal: `User:${name}@p.iam.gserviceaccount.com`,
      operation,
      permission_type: "ALLOW",
      host: "*",
    });
    expect(resources(json, "google_managed_kafka_acl")).toMatchObject([
      {
        acl_id: "consumerGroupPrefixed/sink",
        acl_entries: [entry("reader", "READ"), entry("writer", "READ")],
      },
      {
        acl_id: "topic/one",
        acl_entries: [
          entry("writer", "DESCRIBE"),
          entry("writer", "WRITE"),
          entry("reader", "DESCRIBE"),
          entry("reader", "READ"),
        ],
      },
      {
        acl_id: "topic/other",
        acl_entries: [entry("writer", "DESCRIBE"), entry("writer", "READ")],
      },
    ]);
    expect(resources(json, "google_project_iam_member")).toMatchObject([
      { role: "roles/managedkafka.client", member: like(/reader@/) },
      { role: "roles/managedkafka.client", member: like(/writer@/) },
    ]);
  });
});
