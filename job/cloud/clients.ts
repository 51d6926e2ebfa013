import type { BigQuery } from "@google-cloud/bigquery";
import type { Connector } from "@google-cloud/cloud-sql-connector";
import type { Storage } from "@google-cloud/storage";
import type { OAuth2Client } from "google-auth-library";
import type { ApiEndpoints } from "../../dataset";

/** Google's clients. Each is loaded on first use, so that a local run does not wait for them. */
export class CloudClients {
  private storageClient: Promise<Storage> | undefined;
  private bigqueryClient: Promise<BigQuery> | undefined;

  constructor(private readonly endpoints: ApiEndpoints = {}) {}

  storage(): Promise<Storage> {
    return (this.storageClient ??= this.newStorage());
  }

  /** @param project the project that runs the jobs */
  bigquery(project: string): Promise<BigQuery> {
    return (this.bigqueryClient ??= this.newBigquery(project));
  }

  /** A new connector, which refreshes certificates in the background until it is closed. */
  async cloudSql(): Promise<Connector> {
    const { Connector } = await import("@google-cloud/cloud-sql-connector");
    const { sqlAdmin } = this.endpoints;
    return new Connector({
      ...(sqlAdmin !== undefined && { sqlAdminAPIEndpoint: sqlAdmin }),
      ...(isEmulator(sqlAdmin) && { auth: await noCredentials() }),
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
      // Without a project, the client looks for the one of the user's credentials; no call here requires it.
      ...(isEmulator(storage) && { projectId: "emulated" }),
    });
  }

  private async newBigquery(projectId: string): Promise<BigQuery> {
    const { BigQuery } = await import("@google-cloud/bigquery");
    const { bigquery } = this.endpoints;
    return new BigQuery({
      projectId,
      ...(bigquery !== undefined && { apiEndpoint: bigquery }),
      ...(isEmulator(bigquery) && { authClient: await noCredentials() }),
    });
  }
}

/** Timeout of requests other than uploads and downloads, in milliseconds. Without it, the client waits forever for a lost response. */
const timeout = 120_000;

function isEmulator(endpoint: string | undefined): boolean {
  return endpoint?.startsWith("http://") === true;
}

/** Placeholder credentials for an emulator: without any, the clients would look for the user's. */
async function noCredentials(): Promise<OAuth2Client> {
  const { OAuth2Client } = await import("google-auth-library");
  const client = new OAuth2Client();
  client.setCredentials({ access_token: "none", expiry_date: Date.now() + 24 * 3_600_000 });
  return client;
}
