import { Client } from "pg";
import { user } from "./cluster";

/** Any number will do: the database is ours alone. */
const lock = 1;

/**
 * A process's share in a running server: a connection that holds an advisory lock. The kernel closes it with the
 * process, however that ends, so no file has to remember who is still there.
 */
export class Lease {
  /** Throws what `pg` throws: the server may be starting, stopping or gone. Waits while another process stops it. */
  static async take(port: number, password: string): Promise<Lease> {
    const client = new Client({
      host: "127.0.0.1",
      port,
      user,
      password,
      database: "postgres",
      ssl: false,
      application_name: "tributary lease",
      connectionTimeoutMillis: 5_000,
      query_timeout: 90_000,
    });
    // A server that goes away is noticed when the lease is given back.
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.query(`SELECT pg_advisory_lock_shared(${lock})`);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    return new Lease(client);
  }

  private constructor(private readonly client: Client) {}

  /**
   * Gives the share back and says whether it was the last one. Then nobody gets a new one before `end`, so
   * there is time to stop the server. A broken connection counts as the last.
   */
  async giveBack(): Promise<boolean> {
    try {
      await this.client.query(`SELECT pg_advisory_unlock_shared(${lock})`);
      const { rows } = await this.client.query<{ last: boolean }>(
        `SELECT pg_try_advisory_lock(${lock}) AS last`,
      );
      return rows[0]?.last === true;
    } catch {
      return true;
    }
  }

  async end(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }
}
