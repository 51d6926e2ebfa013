import type { CloudSqlSettings } from "../../dataset";
import type { Connector } from "@google-cloud/cloud-sql-connector";
import { cloudFailure } from "../cloud/failure";
import type { Server } from "./connection";

/**
 * A Cloud SQL instance over its private address: both sides show certificates, and IAM logs the account in that this
 * program runs as, so that there is no password.
 *
 * @throws Failure permanent when there is no such instance or it may not be connected to, retryable when Google's API
 *   does not answer
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
