/**
 * A plain consumer: counts rides in windows in memory, and commits offsets on its own. It prints rows, seconds and memory as
 * JSON. If it is killed, rides are lost or counted twice; it shows what reading costs.
 */
import { performance } from "node:perf_hooks";
import { connectionTo } from "../../../streaming/broker/connection";
import type { Ride } from "../../../streaming/ride";
import { ridesTopic } from "../../../streaming/topics";
import { Windows } from "../../../streaming/windows";
import { ownUsage } from "../ingest/usage";

async function main(address: string, rows: number): Promise<void> {
  const consumer = connectionTo(address).consumer({ groupId: "bench" });
  await consumer.connect();
  await consumer.subscribe({ topic: ridesTopic, fromBeginning: true });
  const windows = new Windows();
  let began = 0;
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachMessage: ({ message }) => {
        began ||= performance.now();
        windows.add(JSON.parse(message.value?.toString() ?? "") as Ride);
        if (windows.rides === rows) resolve();
        return Promise.resolve();
      },
    });
  });
  const seconds = (performance.now() - began) / 1000;
  await consumer.disconnect();
  process.stdout.write(`${JSON.stringify({ seconds, megabytes: ownUsage().megabytes })}\n`);
}

const [address = "", rows = "0"] = process.argv.slice(2);
void main(address, Number(rows));
