import { ManagedKafkaAcl } from "@cdktf/provider-google/lib/managed-kafka-acl";
import { ManagedKafkaCluster } from "@cdktf/provider-google/lib/managed-kafka-cluster";
import type { Construct } from "constructs";
import { malformedName, notWhole, refuse } from "./errors";
import { Grant } from "./grant";
import { KafkaTopic, type KafkaTopicProps } from "./kafka-topic";
import type { IKmsKey } from "./kms-key";
import type { IPrivateNetwork } from "./private-network";
import type { AddressedIdentity } from "./service-identity";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface KafkaClusterProps {
  /** 1 to 63 lowercase letters, digits and hyphens. */
  readonly name: string;
  /** Region of the cluster. */
  readonly location: string;
  /** Network from whose subnet clients reach the brokers. They have no other address. */
  readonly network: IPrivateNetwork;
  /**
   * Virtual CPUs of all brokers together, of which there are at least three. They are billed by the hour.
   * @default 3
   */
  readonly vcpus?: number;
  /** Memory of all brokers together in GiB, 1 to 8 for each virtual CPU. @default - 1 for each virtual CPU */
  readonly memoryGib?: number;
  /**
   * Key that encrypts messages; cannot be changed later. The service agent of Managed Kafka must be allowed to use it.
   * @default - Google-managed keys
   */
  readonly kmsKey?: IKmsKey;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** What must be created first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/**
 * A cluster of Google Cloud Managed Service for Apache Kafka, with brokers in three zones. Clients connect with TLS, and log in
 * with IAM (SASL/OAUTHBEARER); what they may do with a topic is a grant on the topic.
 *
 * @see https://cloud.google.com/managed-service-for-apache-kafka/docs/create-cluster
 */
export class KafkaCluster extends TerraformConstruct {
  readonly name: string;
  readonly location: string;
  private readonly lists = new Map<string, AccessList>();

  /** @throws ConstructError if a prop is not valid */
  constructor(scope: Construct, id: string, props: KafkaClusterProps) {
    super(scope, id);
    const vcpus = props.vcpus ?? 3;
    const memoryGib = props.memoryGib ?? vcpus;
    refuse(this, [
      malformedName(props.name),
      notWhole("vcpus", vcpus, 3),
      notWhole("memoryGib", memoryGib, vcpus, 8 * vcpus),
    ]);
    const cluster = new ManagedKafkaCluster(this, "Resource", {
      clusterId: props.name,
      location: props.location,
      capacityConfig: { vcpuCount: String(vcpus), memoryBytes: String(memoryGib * bytesPerGib) },
      gcpConfig: {
        accessConfig: { networkConfigs: [{ subnet: props.network.subnetResourceName }] },
        kmsKey: props.kmsKey?.resourceName,
      },
      // When brokers are added, partitions move to them; otherwise they would be idle.
      rebalanceConfig: { mode: "AUTO_REBALANCE_ON_SCALE_UP" },
      labels: props.labels,
    });
    cluster.node.addDependency(...(props.dependsOn ?? []));
    this.name = cluster.clusterId;
    this.location = cluster.location;
  }

  /**
   * Adds a topic, with a replica in each zone.
   *
   * @param id id of the construct, and its name unless `props.name` says otherwise
   */
  addTopic(id: string, props: KafkaTopicProps = {}): KafkaTopic {
    return new KafkaTopic(this, id, this, props);
  }

  /**
   * Lets an identity connect to the clusters of the project, for which there is only a role on the project, and adds it to an
   * access control list (ACL) of Kafka. Prefer the grants of a topic.
   *
   * @param aclId what it may access: `topic/<name>`, `consumerGroupPrefixed/<prefix>`, `cluster`
   * @param operations what it may do, by Kafka's names: `READ`
   */
  grant(identity: AddressedIdentity, aclId: string, operations: readonly string[]): Grant {
    const list = this.lists.get(aclId) ?? new AccessList(this, aclId);
    this.lists.set(aclId, list);
    list.allow(identity, operations);
    return Grant.all(identity.grantOnProject("roles/managedkafka.client"), new Grant([list.resource]));
  }
}

/** The entries of an ACL, which grow with each grant: Terraform manages all of them as one resource. */
class AccessList {
  readonly resource: ManagedKafkaAcl;
  private readonly entries = new Map<string, { readonly principal: string; readonly operation: string }>();

  constructor(cluster: KafkaCluster, aclId: string) {
    const id = `acl-${aclId.replaceAll("/", "-")}`;
    const { name, location } = cluster;
    this.resource = new ManagedKafkaAcl(cluster, id, { aclId, cluster: name, location, aclEntries: [] });
  }

  allow({ email }: AddressedIdentity, operations: readonly string[]): void {
    for (const operation of operations)
      this.entries.set(`${email} ${operation}`, { principal: `User:${email}`, operation });
    this.resource.putAclEntries(
      [...this.entries.values()].map((entry) => ({ ...entry, permissionType: "ALLOW", host: "*" })),
    );
  }
}

const bytesPerGib = 2 ** 30;
