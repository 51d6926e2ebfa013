import { Client } from "pg";
import { user } from "./cluster";

/** Any number works: nothing else takes advisory locks in this database. */
const lock = 1;

/**
 * Marks a process as a user of a running server: a connection that holds a shared advisory lock. The connection closes
 * when the process ends for any reason, so no file has to track the users.
 */
export class Lease {
  /** Throws errors of `pg`: the server may be starting, stopping or gone. Waits while another process stops it. */
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
    // A lost connection is handled when the lease is released.
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
   * Releases the lease and returns whether it was the last one. If so, no process gets a new lease before `end`, so
   * that the server can be stopped. A broken connection counts as the last lease.
   */
  async release(): Promise<boolean> {
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
