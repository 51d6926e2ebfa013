import { BigQuery } from "@google-cloud/bigquery";
import { Storage } from "@google-cloud/storage";
import { OAuth2Client } from "google-auth-library";

/** The official client of Cloud Storage, without credentials. */
export function storageClient(apiEndpoint: string, project = projectId): Storage {
  return new Storage({ projectId: project, apiEndpoint });
}

/** The official client of BigQuery. Without a token, it would request one from a metadata server. */
export function bigQueryClient(apiEndpoint: string, project = projectId): BigQuery {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: "a-token", expiry_date: Date.now() + 3_600_000 });
  return new BigQuery({ projectId: project, apiEndpoint, authClient });
}

export const projectId = "demo";
