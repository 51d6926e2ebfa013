import { Failure } from "../../job/failure";
import { bytesText } from "../../job/text";
import { cache } from "../../programs/cache";
import { findJava } from "../../programs/java";
import { installSpark } from "../../spark/driver/environment";
import type { BrokerProgram } from "../broker/server";
import type { SinkProgram } from "../sink/run";
import type { View } from "../view/view";
import { installJars, type Jars } from "./jars";
import { connectorJars, kafkaJars, kafkaJava } from "./kafka";

/**
 * What runs a broker. Installs Kafka into the cache of the project, if it is not installed.
 *
 * @throws Failure permanent when Java is missing, or Kafka cannot be downloaded
 */
export async function brokerProgram(view: View): Promise<BrokerProgram> {
  // First, so that nothing is downloaded in vain.
  const java = findJava(kafkaJars.title, kafkaJava);
  if (java.kind === "missing") throw new Failure("permanent", java.reason);
  return { java: java.java, jars: await jarsIn(kafkaJars, view) };
}

/**
 * What runs the sink. Installs Spark and its connector into the cache of the project, if they are not installed.
 *
 * @throws Failure permanent when Java or Python is missing, or something cannot be downloaded
 */
export async function sinkProgram(view: View): Promise<SinkProgram> {
  const spark = await installSpark((done, total) => {
    if (done === 1)
      view.line(`Installing Spark into ${cache}. This is done once, and takes about two minutes.`);
    view.bar("packages", done, total, `${done} of ${total}`);
  });
  view.close();
  if (spark.kind === "missing") throw new Failure("permanent", spark.reason);
  return { spark: spark.spark, connector: await jarsIn(connectorJars, view) };
}

async function jarsIn(jars: Jars, view: View): Promise<string> {
  let isFirst = true;
  const installed = await installJars(cache, jars, (done, total) => {
    if (isFirst) view.line(`Installing ${jars.title} into ${cache}. This is done once.`);
    isFirst = false;
    view.bar(jars.title, done, total, `${bytesText(done)} of ${bytesText(total)}`);
  });
  view.close();
  if (installed.kind === "there") return installed.place.folder;
  throw new Failure("permanent", `${installed.title} cannot be installed: ${installed.reason}`);
}
