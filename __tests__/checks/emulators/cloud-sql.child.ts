/**
 * Logs in with the official connector, once per line of standard input, and prints the user or the error. A separate,
 * bundled process, because the connector imports modules in a way that jest does not support.
 *
 * Arguments: the SQL Admin API, the instance, the user, and the password for a login without IAM.
 */
import { createInterface } from "node:readline";
import { AuthTypes, Connector, IpAddressTypes } from "@google-cloud/cloud-sql-connector";
import { OAuth2Client } from "google-auth-library";
import { Client } from "pg";

const [sqlAdminAPIEndpoint = "", instanceConnectionName = "", user = "", password] = process.argv.slice(2);

void (async () => {
  const auth = new OAuth2Client();
  auth.setCredentials({ access_token: "a-token", expiry_date: Date.now() + 3_600_000 });
  const connector = new Connector({ sqlAdminAPIEndpoint, auth });
  const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
  while ((await lines.next()).done !== true)
    process.stdout.write(`${JSON.stringify(await logIn(connector))}\n`);
  connector.close();
})();

async function logIn(connector: Connector): Promise<unknown> {
  try {
    const authType = password === undefined ? AuthTypes.IAM : AuthTypes.PASSWORD;
    const ipType = IpAddressTypes.PRIVATE;
    const options = await connector.getOptions({ instanceConnectionName, authType, ipType });
    const client = new Client({ ...options, user, password, database: "postgres" });
    client.on("error", (error) => process.stdout.write(`${JSON.stringify({ broken: error.message })}\n`));
    await client.connect();
    const { rows } = await client.query<object>("SELECT current_user AS name, 40 + 2 AS answer");
    return rows[0];
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}
