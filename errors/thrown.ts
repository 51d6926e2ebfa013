/** What can be read from anything thrown. */

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  // Not `instanceof Error`: jest runs our code in a realm of its own, and engines throw in another.
  const message = typeof error === "object" && error !== null && "message" in error && error.message;
  return typeof message === "string" ? message : String(error);
}

/** The `code` of Node's and Postgres' errors: `ENOENT`, `ECONNREFUSED`, the SQLSTATE `53100`. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error && error.code;
  return typeof code === "string" ? code : undefined;
}
