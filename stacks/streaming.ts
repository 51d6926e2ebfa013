import type { Construct } from "constructs";
import type { StreamingSettings } from "../config";
import { KafkaCluster } from "../constructs/kafka-cluster";
import { ServiceIdentity } from "../constructs/service-identity";
import { type PlatformProps, PlatformStack } from "./platform-stack";

/** With which the names of the sink's consumer groups start; Spark appends an id of its own. */
const sinkGroupPrefix = "rides-sink";

/** A Kafka cluster in the platform's network, the topics of rides, and who uses them. */
export class StreamingStack extends PlatformStack {
  constructor(scope: Construct, props: PlatformProps, settings: StreamingSettings) {
    super(scope, "streaming", props);
    const cluster = new KafkaCluster(this, "kafka", {
      name: this.names.kafkaCluster("streaming"),
      location: props.environment.region,
      network: this.platformNetwork(),
      vcpus: settings.vcpus,
      memoryGib: settings.memoryGib,
      kmsKey: this.kmsKey,
      labels: this.labels,
    });
    // As on a laptop: see docs/streaming.md.
    const rides = cluster.addTopic("rides", {
      configs: {
        "message.timestamp.type": "LogAppendTime",
        "retention.ms": String(settings.retentionDays * msPerDay),
      },
    });
    const deadLetters = cluster.addTopic("rides.dead-letter", {
      partitions: 1,
      configs: { "cleanup.policy": "compact" },
    });
    const emails = [...new Set([...settings.producers, ...settings.consumers])];
    const accounts = emails.map((email) => ServiceIdentity.fromEmail(this, idOf(email), email));
    for (const account of accounts) {
      if (settings.producers.includes(account.email)) rides.grantProduce(account);
      if (!settings.consumers.includes(account.email)) continue;
      rides.grantConsume(account, sinkGroupPrefix);
      deadLetters.grantProduce(account);
    }
  }
}

/** `loader-my-project-iam`: two projects may have accounts of the same name. */
function idOf(email: string): string {
  return email.replace(/\.gserviceaccount\.com$/, "").replaceAll(/[^a-z0-9-]/g, "-");
}

const msPerDay = 86_400_000;
