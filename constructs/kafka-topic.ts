import { ManagedKafkaTopic } from "@cdktf/provider-google/lib/managed-kafka-topic";
import type { Construct, IConstruct } from "constructs";
import { malformed, notWhole, refuse } from "./errors";
import { Grant } from "./grant";
import type { AddressedIdentity } from "./service-identity";
import { TerraformConstruct } from "./terraform-construct";

export interface KafkaTopicProps {
  /** At most 249 letters, digits, periods, hyphens and underscores. @default - the id of the construct */
  readonly name?: string;
  /** Number of partitions, which can be increased later. @default 3 */
  readonly partitions?: number;
  /** Settings of the topic by Kafka's names: `retention.ms`. @default - those of the service */
  readonly configs?: Readonly<Record<string, string>>;
}

/** The cluster of a topic. */
interface TopicCluster extends IConstruct {
  readonly name: string;
  readonly location: string;
  grant(identity: AddressedIdentity, aclId: string, operations: readonly string[]): Grant;
}

/**
 * A topic, and who may do what with it: once there is a grant on a topic, nobody else can use it.
 * `KafkaCluster.addTopic` creates topics.
 */
export class KafkaTopic extends TerraformConstruct {
  readonly name: string;
  private readonly cluster: TopicCluster;
  /** The ACL for the topic alone. */
  private readonly acl: string;

  /** @throws ConstructError if a prop is not valid */
  constructor(scope: Construct, id: string, cluster: TopicCluster, props: KafkaTopicProps) {
    super(scope, id);
    const name = props.name ?? id;
    const partitions = props.partitions ?? 3;
    refuse(this, [
      malformed("name", name, /^(?!\.{1,2}$)[\w.-]{1,249}$/, "at most 249 letters, digits, ., - and _"),
      notWhole("partitions", partitions, 1),
    ]);
    const topic = new ManagedKafkaTopic(this, "Resource", {
      cluster: cluster.name,
      location: cluster.location,
      topicId: name,
      partitionCount: partitions,
      // One in each zone.
      replicationFactor: 3,
      configs: props.configs,
    });
    this.cluster = cluster;
    this.acl = `topic/${name}`;
    this.name = topic.topicId;
  }

  /** Lets an identity connect, and append messages. */
  grantProduce(identity: AddressedIdentity): Grant {
    return this.cluster.grant(identity, this.acl, ["DESCRIBE", "WRITE"]);
  }

  /**
   * Lets an identity connect, and read messages.
   *
   * @param groupPrefix with which the names of its consumer groups start
   */
  grantConsume(identity: AddressedIdentity, groupPrefix: string): Grant {
    return Grant.all(
      this.cluster.grant(identity, this.acl, ["DESCRIBE", "READ"]),
      this.cluster.grant(identity, `consumerGroupPrefixed/${groupPrefix}`, ["READ"]),
    );
  }
}
