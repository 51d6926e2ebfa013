import { ConfigResourceTypes } from "kafkajs";
import { Failure } from "../job/failure";
import { connectionTo } from "./broker/connection";

/** The topic of rides, as JSON. */
export const ridesTopic = "rides";

/** Messages of that topic that are not rides, with the reason in a header. */
export const deadLetterTopic = "rides.dead-letter";

/** Partitions of the topic of rides. */
const ridesPartitions = 3;

/**
 * Creates the topics, if they do not exist.
 *
 * The broker's clock is the timestamp of a message: with the event's, a topic that limits the age of messages would
 * delete a replay of old rides at once. The time of the event is in the value.
 *
 * @throws Failure permanent when the topic exists with another kind of timestamp
 */
export async function createTopics(address: string): Promise<void> {
  const admin = connectionTo(address).admin();
  await admin.connect();
  try {
    const there = new Set(await admin.listTopics());
    const topics = [
      {
        topic: ridesTopic,
        numPartitions: ridesPartitions,
        configEntries: [{ name: "message.timestamp.type", value: "LogAppendTime" }],
      },
      {
        topic: deadLetterTopic,
        numPartitions: 1,
        // The key is the place of the message. If a job was killed and writes it again, one of the two is removed.
        configEntries: [{ name: "cleanup.policy", value: "compact" }],
      },
    ].filter(({ topic }) => !there.has(topic));
    if (topics.length > 0) await admin.createTopics({ topics, waitForLeaders: true });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        { type: ConfigResourceTypes.TOPIC, name: ridesTopic, configNames: ["message.timestamp.type"] },
      ],
    });
    const kind = resources[0]?.configEntries[0]?.configValue;
    if (kind !== "LogAppendTime")
      throw new Failure(
        "permanent",
        `topic ${ridesTopic} of ${address} has message.timestamp.type=${kind ?? "unknown"}; set it to LogAppendTime: ` +
          "days of arrival are the periods of the data set",
      );
  } finally {
    await admin.disconnect();
  }
}

/** Number of messages that were ever appended to each partition of a topic. */
export async function endOffsets(address: string, topic: string): Promise<ReadonlyMap<number, number>> {
  const admin = connectionTo(address).admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
  } finally {
    await admin.disconnect();
  }
}
