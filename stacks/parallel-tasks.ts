import type { Environment, NetworkSettings } from "../config";
import { addressRange } from "../config/settings/address-range";
import { ConfigurationError } from "../errors/faults";

/** Number of data sets that one execution of the backfill ingests in parallel. */
export const parallelDatasets = 8;

/**
 * Checks that the subnet has enough addresses for the tasks that a backfill runs at the same time: without one, Cloud
 * Run does not start a task.
 *
 * @throws ConfigurationError when it does not, with the range that would
 */
export function checkAddresses({ name, ingestion }: Environment, network: NetworkSettings): void {
  const range = addressRange(network.subnetRange);
  if (range === undefined) return;
  const tasks = parallelDatasets * ingestion.parallelPeriods;
  const needed = tasks * addressesPerTask;
  const usable = range.last - range.first + 1 - reservedAddresses;
  if (needed <= usable) return;
  const prefix = 32 - Math.ceil(Math.log2(needed + reservedAddresses));
  throw new ConfigurationError(`config/${name}.ts`, [
    `network.subnetRange: "${network.subnetRange}" has ${usable} addresses, but a backfill of ${parallelDatasets} data ` +
      `sets with ingestion.parallelPeriods = ${ingestion.parallelPeriods} runs ${tasks} tasks at the same time, which ` +
      `need ${needed}; use a /${prefix}, or at most ` +
      `${Math.floor(usable / addressesPerTask / parallelDatasets)} parallel periods`,
  ]);
}

/**
 * A task has one address, which Cloud Run keeps for some minutes after the task: while tasks follow each other, that is
 * two for each. https://cloud.google.com/run/docs/configuring/networking-best-practices
 */
const addressesPerTask = 2;

/** Google reserves the first two and the last two addresses of a subnet. */
const reservedAddresses = 4;
