/** Reads values of unknown type that were thrown. */

/** The message of a thrown value. */
export function messageOf(error: unknown): string {
  // Not `instanceof Error`: jest and some engines throw errors of a separate realm.
  const message = typeof error === "object" && error !== null && "message" in error && error.message;
  return typeof message === "string" ? message : String(error);
}

/** The `code` of errors from Node.js and Postgres: `ENOENT`, `ECONNREFUSED`, the SQLSTATE `53100`. */
export function codeOf(error: unknown): string | undefined {
  // Not `instanceof Error`: jest runs the code in a separate realm.
  const code = typeof error === "object" && error !== null && "code" in error && error.code;
  return typeof code === "string" ? code : undefined;
}
