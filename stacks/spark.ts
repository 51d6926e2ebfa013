import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment, NetworkSettings } from "../config";
import { addressRange } from "../config/settings/address-range";
import { ConfigurationError } from "../errors/faults";
import type { RevenueBatch } from "../workflows/revenue";
import type { Names } from "./naming";

/** Prefix of PySpark programs in the bucket for Spark. */
export const programPrefix = "programs/";

/** A PySpark program as an object, which is named after its content: a batch that runs keeps its program. */
export interface SparkProgram {
  readonly object: string;
  readonly content: string;
  /** Eight hexadecimal digits of the content. */
  readonly digest: string;
}

/** The program that computes the revenue: the same file as on a laptop. */
export function revenueProgram(): SparkProgram {
  const content = readFileSync(join("spark", "revenue.py"), "utf8");
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 8);
  return { object: `${programPrefix}revenue-${digest}.py`, content, digest };
}

/** What the pipeline needs to know to compute the revenue; undefined if the environment has no Spark. */
export function revenueBatch(
  environment: Environment,
  names: Names,
  labels: Readonly<Record<string, string>>,
): RevenueBatch | undefined {
  const { spark, kmsKey } = environment;
  if (spark === undefined) return undefined;
  const { object, digest } = revenueProgram();
  return {
    prefix: `${names.batches("revenue")}-${digest}`,
    lake: names.bucket("lake"),
    program: `gs://${names.bucket("spark")}/${object}`,
    account: names.serviceAccountEmail("spark"),
    subnet: names.subnetPath("platform"),
    staging: names.bucket("spark"),
    maxExecutors: spark.maxExecutors,
    timeoutSeconds: spark.timeoutSeconds,
    labels,
    dataset: names.dataset("core"),
    ...(kmsKey !== undefined && { kmsKey }),
  };
}

/**
 * Checks that the subnet has an address for each machine of a batch: the executors, and the driver.
 *
 * @throws ConfigurationError when it does not
 */
export function checkExecutors({ name, spark }: Environment, { subnetRange }: NetworkSettings): void {
  const range = addressRange(subnetRange);
  if (spark === undefined || range === undefined) return;
  // Google reserves the first two and the last two addresses of a subnet.
  const usable = range.last - range.first + 1 - 4;
  if (spark.maxExecutors + 1 <= usable) return;
  throw new ConfigurationError(`config/${name}.ts`, [
    `spark.maxExecutors: ${spark.maxExecutors} executors and a driver need ${spark.maxExecutors + 1} addresses, but ` +
      `network.subnetRange "${subnetRange}" has ${usable}; use at most ${usable - 1}, or a larger range`,
  ]);
}
