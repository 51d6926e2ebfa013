import type { JsonObject } from "../json";

/** Whether the name of an attribute or variable indicates a secret: `db_password`, `SOME_API_KEY`. */
export function isSecretName(name: string): boolean {
  let known = cache.get(name);
  if (known === undefined) {
    const words = name
      // Conditions of AWS name a claim of an issuer: `token.actions.githubusercontent.com:sub`.
      .replace(/^[\w-]+(?:\.[\w-]+)+:(?=\w)/, "")
      .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_");
    known = secretWord.test(words) && !aboutSecrets.test(words) && !publicWord.test(words);
    cache.set(name, known);
  }
  return known;
}

/**
 * The key that determines whether a member of an object is a secret. Next to a version, `secret` is the name of a secret
 * that is stored elsewhere, and is treated as a member without a key.
 */
export function judgedKey(name: string, object: JsonObject): string {
  return name === "secret" && ["version", "items", "key", "project_id"].some((one) => one in object)
    ? ""
    : name;
}

const cache = new Map<string, boolean>();

const secretWord =
  /(^|_)(passwords?|passwd|passphrase|pwd|pass|secrets?|tokens?|api_?keys?|private_?keys?|access_?keys?|account_?keys?|secret_?keys?|signing_?keys?|shared_?keys?|auth_?keys?|credentials?|connection_?strings?|auth_?string|authorization|bearer|webhook|dsn|pat|psk|sas)(_|$)/;
/** Attributes that describe a secret, but are not secret: name, version, location, lifetime. */
const aboutSecrets =
  /(_|^)(name|names|id|ids|ref|refs|version|versions|uri|url|path|file|policy|ttl|lifetime|duration|expiration|expires|enabled|disabled|type|scope|scopes|audience|endpoint|format|length|arn|project|location|mode|rotation|required|key_ref|environment_variables|volumes?|manager|creator|replication|labels?|annotations?|issuer|header)$/;
const publicWord = /(^|_)(public|kms)(_|$)|^http_tokens$/;

/** Attributes with environment variables, which providers do not flag: only names are shown. */
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
  "user_env_vars",
  "airflow_config_overrides",
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
