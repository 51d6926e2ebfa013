import { connectionTo } from "./connection";

/** Whether a broker answers at an address, and knows its own cluster. */
export async function answers(address: string): Promise<boolean> {
  const admin = connectionTo(address, { retries: 0 }).admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    return brokers.length > 0;
  } catch {
    return false;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
