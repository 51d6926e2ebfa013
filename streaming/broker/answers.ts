import { connectionTo, type Patience } from "./connection";

/** Whether a broker answers at an address, and knows its own cluster. */
export async function answers(address: string): Promise<boolean> {
  return clusterId(address, { retries: 0 }).then(
    () => true,
    () => false,
  );
}

/**
 * Identifies the cluster: with other data, it is another one.
 *
 * @throws KafkaJSError when the broker does not answer
 */
export async function clusterId(address: string, patience?: Patience): Promise<string> {
  const admin = connectionTo(address, patience).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).clusterId;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
