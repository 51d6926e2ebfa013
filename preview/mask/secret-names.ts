import type { JsonObject } from "../json";

/** Whether the name of an attribute or variable says that its value is a secret: `db_password`, `SOME_API_KEY`. */
export function isSecretName(name: string): boolean {
  let known = cache.get(name);
  if (known === undefined) {
    const words = name
      .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_");
    known = secretWord.test(words) && !aboutSecrets.test(words) && !publicWord.test(words);
    cache.set(name, known);
  }
  return known;
}

/**
 * The key to judge a member of an object by. Beside a version `secret` names a secret that is kept elsewhere, and is
 * none itself: it is judged as if it had no key.
 */
export function judgedKey(name: string, object: JsonObject): string {
  return name === "secret" && ["version", "items", "key", "project_id"].some((one) => one in object)
    ? ""
    : name;
}

const cache = new Map<string, boolean>();

const secretWord =
  /(^|_)(passwords?|passwd|passphrase|pwd|pass|secrets?|tokens?|api_?keys?|private_?keys?|access_?keys?|account_?keys?|secret_?keys?|signing_?keys?|shared_?keys?|auth_?keys?|credentials?|connection_?strings?|auth_?string|authorization|bearer|webhook|dsn|pat|psk|sas)(_|$)/;
/** What describes a secret and is none: its name, its version, where it is, how long it lives. */
const aboutSecrets =
  /(_|^)(name|names|id|ids|ref|refs|version|versions|uri|url|path|file|policy|ttl|lifetime|duration|expiration|expires|enabled|disabled|type|scope|scopes|audience|endpoint|format|length|arn|project|location|mode|rotation|required|key_ref|environment_variables|volumes?|manager|creator|replication|labels?|annotations?|issuer|header)$/;
const publicWord = /(^|_)(public|kms)(_|$)/;

/** Attributes of environments, whose values no provider flags: shown by name only. */
export function isCarrier(key: string): boolean {
  return carriers.has(key);
}

const carriers = new Set([
  "env",
  "envs",
  "environment",
  "environment_variables",
  "build_environment_variables",
  "service_environment_variables",
  "env_variables",
  "env_vars",
  "variables",
  "substitutions",
  "metadata",
  "metadata_startup_script",
  "user_data",
  "user_data_base64",
  "custom_data",
  "app_settings",
  "headers",
  "build_args",
]);
