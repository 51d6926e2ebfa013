import { randomUUID } from "node:crypto";
import { connectionTo } from "../broker/connection";

/** A message at the end of a partition. */
export interface LastMessage {
  readonly partition: number;
  readonly value: string;
}

/** So many messages at the end of each partition are read: the last ones may be from somebody else. */
const depth = 50;

/** The last messages of each partition of a topic. */
export async function lastMessages(address: string, topic: string): Promise<readonly LastMessage[]> {
  const kafka = connectionTo(address);
  const groupId = `tributary-${randomUUID()}`;
  const admin = kafka.admin();
  const consumer = kafka.consumer({ groupId });
  await admin.connect();
  try {
    const ends = (await admin.fetchTopicOffsets(topic))
      .map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) }))
      .filter(({ low, high }) => high > low);
    if (ends.length === 0) return [];
    await consumer.connect();
    await consumer.subscribe({ topic });
    const found: LastMessage[] = [];
    const open = new Map(ends.map(({ partition, high }) => [partition, high]));
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        reject(payload.error);
      });
      consumer
        .run({
          autoCommit: false,
          eachMessage: ({ partition, message }) => {
            found.push({ partition, value: message.value?.toString() ?? "" });
            if (Number(message.offset) + 1 >= (open.get(partition) ?? 0)) open.delete(partition);
            if (open.size === 0) resolve();
            return Promise.resolve();
          },
        })
        .catch(reject);
      for (const { partition, low, high } of ends)
        consumer.seek({ topic, partition, offset: String(Math.max(low, high - depth)) });
    });
    return found;
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }
}
