import type { CloudSqlSettings } from "../../dataset";
import type { Connector } from "@google-cloud/cloud-sql-connector";
import { cloudFailure } from "../cloud/failure";
import type { Server } from "./connection";

/**
 * A Cloud SQL instance at its private address, over mutual TLS. The program's service account logs in with IAM
 * database authentication: there is no password.
 *
 * @throws Failure permanent when the instance does not exist or access is denied, retryable when Google's API does not
 *   respond
 */
export async function cloudSqlServer(
  connector: Connector,
  { instance, name, user }: CloudSqlSettings,
): Promise<Server> {
  const { AuthTypes, IpAddressTypes } = await import("@google-cloud/cloud-sql-connector");
  try {
    const { stream } = await connector.getOptions({
      instanceConnectionName: instance,
      ipType: IpAddressTypes.PRIVATE,
      authType: AuthTypes.IAM,
    });
    return { shown: `${name} of ${instance} as ${user}`, options: { stream, user, database: name } };
  } catch (error) {
    throw cloudFailure(error, `the Cloud SQL instance ${instance} cannot be reached`);
  }
}
