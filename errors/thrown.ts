/** What can be read from anything thrown. */

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of Node's and Postgres' errors: `ENOENT`, `ECONNREFUSED`, the SQLSTATE `53100`. */
export function codeOf(error: unknown): string | undefined {
  // Not `instanceof Error`: jest runs our code in a realm of its own.
  const code = typeof error === "object" && error !== null && "code" in error && error.code;
  return typeof code === "string" ? code : undefined;
}
