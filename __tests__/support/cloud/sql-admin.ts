import * as z from "zod/mini";
import type { Authority } from "./certificates";
import { type Asked, type Front, type Handler, jsonAnswer, startFront } from "./front";

/** The part of the SQL Admin API that connectors use. A front without an emulator, to inject faults. */
export interface SqlAdmin extends Front {
  /** The access token of a certificate's request; undefined if it had none, or the certificate is unknown. */
  tokenOf(serialNumber: string): string | undefined;
}

/** The instance of the API. */
export interface Instance {
  /** `project:region:instance` */
  readonly connectionName: string;
  /** Used as both its public and its private address. */
  readonly ipAddress: string;
}

/** @param authority signs the certificates of the server and of clients */
export async function startSqlAdmin(instance: Instance, authority: Authority): Promise<SqlAdmin> {
  const tokens = new Map<string, string>();
  const [project = "", , name = ""] = instance.connectionName.split(":");
  const path = `/sql/v1beta4/projects/${project}/instances/${name}`;
  const handler: Handler = (asked) => Promise.resolve(answer(asked));
  const answer = (asked: Asked) => {
    if (!/^Bearer ./.test(asked.headers.authorization ?? ""))
      return error(401, "Request is missing required authentication credential.");
    switch (`${asked.method} ${new URL(asked.path, "http://any").pathname}`) {
      case `GET ${path}/connectSettings`:
        return jsonAnswer(200, settings(instance, authority));
      case `POST ${path}:generateEphemeralCert`: {
        const { public_key: key, access_token: token } = request.parse(JSON.parse(asked.body.toString()));
        const { certificate, serialNumber } = authority.certify("a client", key);
        if (token !== undefined) tokens.set(serialNumber, token);
        return jsonAnswer(200, { ephemeralCert: { kind: "sql#sslCert", cert: certificate } });
      }
      default:
        return error(
          404,
          `${asked.method} ${asked.path}: not found; the only instance is ${instance.connectionName}`,
        );
    }
  };
  // The handler answers all requests, so nothing is forwarded.
  const front = await startFront("http://127.0.0.1:9", handler);
  return { ...front, tokenOf: (serialNumber) => tokens.get(serialNumber) };
}

const request = z.object({ public_key: z.string(), access_token: z.optional(z.string()) });

function settings({ connectionName, ipAddress }: Instance, { certificate, expires }: Authority): object {
  return {
    kind: "sql#connectSettings",
    backendType: "SECOND_GEN",
    databaseVersion: "POSTGRES_18",
    region: connectionName.split(":")[1],
    serverCaMode: "GOOGLE_MANAGED_INTERNAL_CA",
    serverCaCert: { kind: "sql#sslCert", cert: certificate, expirationTime: expires.toISOString() },
    ipAddresses: ["PRIMARY", "PRIVATE"].map((type) => ({ type, ipAddress })),
  };
}

function error(code: number, message: string) {
  return jsonAnswer(code, { error: { code, message, errors: [{ message, reason: "invalid" }] } });
}
