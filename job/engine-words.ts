/**
 * Translates errors of DuckDB, zlib, Postgres and Node to messages of this program. Errors of cloud APIs are translated
 * in cloud/failure.ts, errors of connecting to Postgres in database/connection.ts.
 */
import type { FailureKind } from "../dataset";
import { codeOf, messageOf } from "../errors/thrown";

/** Why something failed, and whether a retry can help. */
export interface Words {
  readonly kind: FailureKind;
  readonly message: string;
}

/**
 * The translation of an error; undefined for an unknown error.
 *
 * @param subject what the program was working on: the name of a file, `the warehouse`
 */
export function engineWords(error: unknown, subject = "the file"): Words | undefined {
  const code = codeOf(error);
  const said = messageOf(error) || causesOf(error);
  const text = code !== undefined && !said.includes(code) ? `${said} (${code})`.trim() : said;
  for (const { pattern, kind, say } of [...ofTheMachine, ...ofDuckDb, ...ofLibraries]) {
    const found = pattern.exec(text);
    if (found !== null) return { kind, message: say(found, subject, firstSentence(text)) };
  }
  return isPostgres(error) && code !== undefined ? postgresWords(code, said, subject) : undefined;
}

interface Rule {
  readonly pattern: RegExp;
  readonly kind: FailureKind;
  /** @param said first line of the original message */
  readonly say: (found: RegExpExecArray, subject: string, said: string) => string;
}

const ofTheMachine: readonly Rule[] = [
  {
    pattern: /no space left on device|disk quota exceeded|\b(ENOSPC|EDQUOT|53100)\b/i,
    kind: "retryable",
    say: (_, _subject, said) => `the disk is full: ${said}; free space and run again`,
  },
  {
    pattern: /permission denied|operation not permitted|read-only file system|\b(EACCES|EPERM|EROFS)\b/i,
    kind: "permanent",
    say: (_, _subject, said) => `access denied: ${said}`,
  },
  {
    pattern: /too many open files|\b(EMFILE|ENFILE)\b/i,
    kind: "retryable",
    say: (_, _subject, said) => `too many open files: ${said}; raise the limit (ulimit -n)`,
  },
  {
    pattern: /\b(EIO|ESTALE)\b|input\/output error|stale file handle/i,
    kind: "retryable",
    say: (_, _subject, said) => `the disk reported an error: ${said}`,
  },
  {
    pattern: /\b(ENAMETOOLONG)\b|file name too long/i,
    kind: "permanent",
    say: (_, _subject, said) => `a path is too long: ${said}; use a home with a shorter path`,
  },
];

/** Start of an error about a line of a CSV file. */
const csvLine = String.raw`CSV Error on Line: (?<line>\d+)[^]*?`;
const at = (found: RegExpExecArray, subject: string) => `${subject} line ${found.groups?.["line"] ?? "?"}`;

const ofDuckDb: readonly Rule[] = [
  // Database files.
  {
    pattern: /could not set lock on file "(?<file>[^"]+)"/i,
    kind: "retryable",
    say: (found) =>
      `${found.groups?.["file"] ?? ""} is in use by another process; run again when that process has finished`,
  },
  {
    pattern: /The file "(?<file>[^"]+)" exists, but it is not a valid DuckDB database file/i,
    kind: "permanent",
    say: (found) =>
      `${found.groups?.["file"] ?? ""} is not a DuckDB database; rename it, or use another home`,
  },
  {
    pattern: /database file with version number|database file .*newer (version|storage)/i,
    kind: "permanent",
    say: (_, _subject, said) => `the warehouse was written by a newer version of this program: ${said}`,
  },
  {
    pattern: /Corrupt database file|Could not read enough bytes from file "[^"]*\.(duckdb|wal)/i,
    kind: "integrity",
    say: (_, _subject, said) =>
      `the warehouse file is damaged: ${said}; rename it and run again to load the periods from their sources`,
  },
  // Parquet.
  {
    pattern: /No magic bytes found|too small to be a Parquet file|Footer length error/,
    kind: "integrity",
    say: (_, subject) => `${subject} is damaged or truncated: it has no valid Parquet footer`,
  },
  {
    pattern: /is encrypted, but|encryption_config|encrypted Parquet/i,
    kind: "permanent",
    say: (_, subject) => `${subject} is an encrypted Parquet file, which cannot be read`,
  },
  {
    pattern:
      /^(Invalid Input|Invalid|IO|Serialization) Error: [^]*(TProtocolException|TTransportException|don't know what type|decompression failure|Failed to decompress|Failed to read (Parquet )?file|corrupt|page header|Out of buffer)|^Invalid Error: /i,
    kind: "integrity",
    say: (_, subject, said) =>
      `${subject} is damaged: the Parquet file cannot be read (${withoutFile(said)})`,
  },
  // CSV.
  {
    pattern: new RegExp(`${csvLine}Invalid unicode`),
    kind: "drift",
    say: (found, subject) => `${at(found, subject)} is not valid UTF-8; the source must be encoded in UTF-8`,
  },
  {
    pattern: new RegExp(`${csvLine}Maximum line size of (?<limit>\\d+) bytes`),
    kind: "drift",
    say: (found, subject) => `${at(found, subject)} is longer than ${found.groups?.["limit"] ?? ""} bytes`,
  },
  {
    pattern: new RegExp(`${csvLine}unterminated quote`),
    kind: "drift",
    say: (found, subject) => `${at(found, subject)} has a quoted field without a closing quote`,
  },
  {
    pattern: new RegExp(`${csvLine}Expected Number of Columns: (?<due>\\d+) Found: (?<found>\\d+)`),
    kind: "drift",
    say: (found, subject) =>
      `${at(found, subject)} has ${found.groups?.["found"] ?? ""} fields, expected ${found.groups?.["due"] ?? ""}`,
  },
  {
    pattern: new RegExp(
      `${csvLine}converting column "(?<column>[^"]*)"\\. Could not convert string "(?<text>[^]*?)" to '(?<type>\\w+)`,
    ),
    kind: "drift",
    say: (found, subject) =>
      `${at(found, subject)}: column ${found.groups?.["column"] ?? ""}: "${found.groups?.["text"] ?? ""}" is not a valid ${found.groups?.["type"] ?? ""}`,
  },
  {
    pattern: /CSV Parser state machine reached an invalid state/,
    kind: "drift",
    say: (_, subject) => `${subject} is not valid CSV (RFC 4180): unexpected quote or carriage return`,
  },
  {
    pattern: new RegExp(`${csvLine}$`),
    kind: "drift",
    say: (found, subject) => `${at(found, subject)} is not valid CSV`,
  },
  {
    pattern: /not a GZIP stream|Unsupported GZIP archive|Failed to decode gzip/i,
    kind: "integrity",
    say: (_, subject) => `${subject} is not a valid gzip file`,
  },
  // The engine itself.
  {
    pattern:
      /^Out of Memory Error[^]*?(?<size>\d[\d.]* \w+)\/(?<limit>\d[\d.]* \w+) used|^Out of Memory Error/i,
    kind: "permanent",
    say: (found, subject) =>
      `${subject} requires more memory than DuckDB's limit${found.groups?.["limit"] === undefined ? "" : ` of ${found.groups["limit"]}`}: its rows are too wide`,
  },
  {
    pattern: /^INTERRUPT Error|Query interrupted/i,
    kind: "retryable",
    say: (_, subject) => `${subject}: the query was interrupted; run again`,
  },
  {
    pattern: /^TransactionContext Error|Transaction conflict/i,
    kind: "retryable",
    say: (_, subject) => `${subject} was changed by another process at the same time; run again`,
  },
  {
    pattern: /^(INTERNAL|FATAL) Error: (?<said>[^\n]*)/i,
    kind: "permanent",
    say: (found, subject) =>
      `${subject}: internal error in DuckDB: ${found.groups?.["said"] ?? ""}; this is a bug: report it`,
  },
  {
    pattern: /^IO Error: No files found that match the pattern "(?<file>[^"]*)"/,
    kind: "retryable",
    say: (found) => `${found.groups?.["file"] ?? ""} was deleted during the run; run again`,
  },
  {
    pattern: /^IO Error: (?<said>[^\n]*)/,
    kind: "retryable",
    say: (found, subject) => `${subject} cannot be read or written: ${found.groups?.["said"] ?? ""}`,
  },
  {
    pattern:
      /^(?<what>Binder|Catalog|Parser|Constraint|Conversion|Dependency|Not implemented|Invalid Input|Invalid Type|Mismatch Type|Out of Range|Serialization|Settings|Syntax|Extension \w+|Missing Extension|Cast|Execution) Error: (?<said>[^\n]*)/i,
    kind: "permanent",
    say: (found, subject) =>
      `${subject}: unexpected error in DuckDB: ${found.groups?.["said"] ?? ""}; this is a bug: report it`,
  },
];

const ofLibraries: readonly Rule[] = [
  // zlib.
  {
    pattern: /\bZ_BUF_ERROR\b|unexpected end of file/,
    kind: "integrity",
    say: (_, subject) => `${subject} is truncated: its compressed content is incomplete`,
  },
  {
    pattern:
      /\bZ_(DATA|NEED_DICT|STREAM)\w*\b|\bERR_+(BROTLI|ERROR_FORMAT|ERROR_ALLOC)\w*|incorrect (data|header|length) check/,
    kind: "integrity",
    say: (_, subject, said) => `${subject} is damaged: its compressed content is not valid (${said})`,
  },
  {
    pattern:
      /\bZ_MEM_ERROR\b|\bERR_(STRING_TOO_LONG|BUFFER_TOO_LARGE|MEMORY_ALLOCATION_FAILED)\b|Array buffer allocation failed|Invalid (string|array|typed array) length/,
    kind: "permanent",
    say: (_, subject) => `${subject} does not fit into memory`,
  },
  // TLS: a retry does not help.
  {
    pattern:
      /\b(CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_TLS_CERT_ALTNAME_INVALID|ERR_SSL_\w+|EPROTO|HOSTNAME_MISMATCH)\b/,
    kind: "permanent",
    say: (_, subject, said) =>
      `${subject}: the server's certificate is not trusted: ${said}; for a private certificate authority, set NODE_EXTRA_CA_CERTS`,
  },
  // The network.
  {
    pattern: /\b(ENOTFOUND|EAI_NONAME|EAI_NODATA)\b/,
    kind: "retryable",
    say: (_, subject, said) => `${subject}: the host name cannot be resolved: ${said}`,
  },
  {
    pattern:
      /\b(ECONN\w+|EPIPE|ETIMEDOUT|EAI_\w+|E(HOST|NET)(UNREACH|DOWN)|ERR_STREAM_PREMATURE_CLOSE|ERR_SOCKET\w*|UND_ERR\w*|HPE_\w+|ABORT_ERR|ERR_STREAM_DESTROYED)\b|socket hang up|Parse Error: /,
    kind: "retryable",
    say: (_, subject, said) => `${subject}: the connection failed: ${said}`,
  },
  // Addresses and paths.
  {
    pattern: /\bERR_INVALID_(URL|FILE_URL_\w+)\b|^Invalid URL|URI malformed/,
    kind: "permanent",
    say: (_, subject) => `${subject}: the address is not valid`,
  },
  {
    pattern: /\b(ENOENT|ENOTDIR|EISDIR)\b/,
    kind: "permanent",
    say: (_, _subject, said) => said,
  },
];

/** Errors of a Postgres server by their codes. https://www.postgresql.org/docs/current/errcodes-appendix.html */
function postgresWords(code: string, said: string, subject: string): Words {
  const failed = (kind: FailureKind, advice = ""): Words => ({
    kind,
    message: `${subject}: the database returned an error: ${firstSentence(said)}${advice}`,
  });
  switch (code.slice(0, 2)) {
    case "08":
    case "40":
    case "53":
    case "55":
    case "57":
    case "58":
      return failed("retryable");
    case "28":
    case "3D":
    case "42":
      return failed(
        "permanent",
        code === "42P01" || code === "42703"
          ? "; check whether the table was changed manually"
          : "; check the user and its privileges",
      );
    case "XX":
      return failed(code === "XX001" || code === "XX002" ? "integrity" : "permanent");
    default:
      return failed("permanent");
  }
}

function isPostgres(error: unknown): boolean {
  return (
    /^[0-9A-Z]{5}$/.test(codeOf(error) ?? "") &&
    typeof error === "object" &&
    error !== null &&
    "severity" in error
  );
}

/** The messages of an AggregateError without a message, which Node throws when all addresses of a host have failed. */
function causesOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("errors" in error) || !Array.isArray(error.errors))
    return "";
  return error.errors.map(messageOf).join("; ");
}

/** The first line, without DuckDB's hints, query excerpt and error class. */
function firstSentence(text: string): string {
  return (text.split("\n")[0] ?? "").replace(/^[A-Za-z ]+ Error: /, "").trim();
}

/** Removes the path of a temporary file. */
function withoutFile(said: string): string {
  return said.replace(/Failed to read (Parquet )?file "[^"]*": /, "").replace(/ ?(in|of) file '[^']*'/, "");
}
