import { BigQuery } from "@google-cloud/bigquery";
import { Storage } from "@google-cloud/storage";
import { OAuth2Client } from "google-auth-library";

/** The official client of Cloud Storage, without credentials. */
export function storageClient(apiEndpoint: string): Storage {
  return new Storage({ projectId, apiEndpoint });
}

/** The official client of BigQuery, for a process of its own: not in jest. It must be able to show a token, else it asks a metadata server for one. */
export function bigQueryClient(apiEndpoint: string): BigQuery {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: "a-token", expiry_date: Date.now() + 3_600_000 });
  return new BigQuery({ projectId, apiEndpoint, authClient });
}

export const projectId = "demo";
