import type { BigQuery } from "@google-cloud/bigquery";
import type { Connector } from "@google-cloud/cloud-sql-connector";
import type { Storage } from "@google-cloud/storage";
import type { OAuth2Client } from "google-auth-library";
import type { ApiEndpoints } from "../../dataset";

/** Google's clients. Each is loaded when it is first asked for, so that a run on folders does not wait for them. */
export class CloudClients {
  private storageClient: Promise<Storage> | undefined;
  private bigqueryClient: Promise<BigQuery> | undefined;

  constructor(private readonly endpoints: ApiEndpoints = {}) {}

  storage(): Promise<Storage> {
    return (this.storageClient ??= this.newStorage());
  }

  /** @param project whose load jobs and queries they are */
  bigquery(project: string): Promise<BigQuery> {
    return (this.bigqueryClient ??= this.newBigquery(project));
  }

  /** A new one, which refreshes certificates in the background until it is closed. */
  async cloudSql(): Promise<Connector> {
    const { Connector } = await import("@google-cloud/cloud-sql-connector");
    const { sqlAdmin } = this.endpoints;
    return new Connector({
      ...(sqlAdmin !== undefined && { sqlAdminAPIEndpoint: sqlAdmin }),
      ...(isEmulator(sqlAdmin) && { auth: await nobody() }),
    });
  }

  private async newStorage(): Promise<Storage> {
    const { Storage } = await import("@google-cloud/storage");
    const { storage } = this.endpoints;
    return new Storage({
      timeout,
      ...(storage !== undefined && {
        apiEndpoint: storage,
        useAuthWithCustomEndpoint: !isEmulator(storage),
      }),
      // Unasked, the client looks for the project of whoever is logged in; no call here needs it.
      ...(isEmulator(storage) && { projectId: "emulated" }),
    });
  }

  private async newBigquery(projectId: string): Promise<BigQuery> {
    const { BigQuery } = await import("@google-cloud/bigquery");
    const { bigquery } = this.endpoints;
    return new BigQuery({
      projectId,
      ...(bigquery !== undefined && { apiEndpoint: bigquery }),
      ...(isEmulator(bigquery) && { authClient: await nobody() }),
    });
  }
}

/** Longest that a request may take which is no up- or download, in milliseconds; without it a lost answer is awaited for ever. */
const timeout = 120_000;

function isEmulator(endpoint: string | undefined): boolean {
  return endpoint?.startsWith("http://") === true;
}

/** A log-in that is none; without one the clients would look for a real one. */
async function nobody(): Promise<OAuth2Client> {
  const { OAuth2Client } = await import("google-auth-library");
  const client = new OAuth2Client();
  client.setCredentials({ access_token: "none", expiry_date: Date.now() + 24 * 3_600_000 });
  return client;
}
