import { BigQuery } from "@google-cloud/bigquery";
import { Storage } from "@google-cloud/storage";
import { OAuth2Client } from "google-auth-library";

/** The official client of Cloud Storage, without credentials. */
export function storageClient(apiEndpoint: string, project = projectId): Storage {
  return new Storage({ projectId: project, apiEndpoint });
}

/** The official client of BigQuery. It must be able to show a token, else it asks a metadata server for one. */
export function bigQueryClient(apiEndpoint: string, project = projectId): BigQuery {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: "a-token", expiry_date: Date.now() + 3_600_000 });
  return new BigQuery({ projectId: project, apiEndpoint, authClient });
}

export const projectId = "demo";
