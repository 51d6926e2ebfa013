import { join } from "node:path";
import type { Jars } from "./jars";

/** Version of the broker. Its clients are compatible with all versions from 2.1 on. */
const kafkaVersion = "4.1.0";

/** Versions of Java that the broker is run with, the preferred one first: 4.1 supports 17, 21 and 24. */
export const kafkaJava: readonly number[] = [21, 17, 24];

/** The broker. One process in KRaft mode: there is no ZooKeeper any more. */
export const kafkaJars: Jars = {
  title: `Kafka ${kafkaVersion}`,
  lock: join("streaming", "jars", "broker.txt"),
  command: "npm run stream -- broker",
};

/** What Spark needs to read topics: of the same version as Spark, for the same version of Scala. */
export const connectorJars: Jars = {
  title: "Kafka connector 3.5.7",
  lock: join("streaming", "jars", "connector.txt"),
  command: "npm run stream -- consume",
};
