/**
 * What engines and libraries throw, in our words: the one place that knows what DuckDB, zlib, Postgres and Node say.
 * Cloud APIs have a place of their own (cloud/failure.ts), and so has a Postgres that is being connected to.
 */
import type { FailureKind } from "../dataset";
import { codeOf, messageOf } from "../errors/thrown";

/** Why something failed, and whether it can succeed later. */
export interface Words {
  readonly kind: FailureKind;
  readonly message: string;
}

/**
 * What an error means; undefined when no engine is known to say so.
 *
 * @param subject what was being worked on: a file's name, `the warehouse`
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
  /** @param said what the engine said, its first line */
  readonly say: (found: RegExpExecArray, subject: string, said: string) => string;
}

const ofTheMachine: readonly Rule[] = [
  {
    pattern: /no space left on device|disk quota exceeded|\b(ENOSPC|EDQUOT|53100)\b/i,
    kind: "retryable",
    say: (_, _subject, said) => `the disk is full: ${said}; make room and run again`,
  },
  {
    pattern: /permission denied|operation not permitted|read-only file system|\b(EACCES|EPERM|EROFS)\b/i,
    kind: "permanent",
    say: (_, _subject, said) => `no permission: ${said}`,
  },
  {
    pattern: /too many open files|\b(EMFILE|ENFILE)\b/i,
    kind: "retryable",
    say: (_, _subject, said) => `too many files are open: ${said}; raise the limit (ulimit -n)`,
  },
  {
    pattern: /\b(EIO|ESTALE)\b|input\/output error|stale file handle/i,
    kind: "retryable",
    say: (_, _subject, said) => `the disk failed: ${said}`,
  },
  {
    pattern: /\b(ENAMETOOLONG)\b|file name too long/i,
    kind: "permanent",
    say: (_, _subject, said) => `a path is too long: ${said}; use a home with a shorter one`,
  },
];

/** A line of a CSV file, where the reader names one. */
const csvLine = String.raw`CSV Error on Line: (?<line>\d+)[^]*?`;
const at = (found: RegExpExecArray, subject: string) => `${subject} line ${found.groups?.["line"] ?? "?"}`;

const ofDuckDb: readonly Rule[] = [
  // A database file of its own.
  {
    pattern: /could not set lock on file "(?<file>[^"]+)"/i,
    kind: "retryable",
    say: (found) =>
      `${found.groups?.["file"] ?? ""} is in use by another process; run again when that has finished`,
  },
  {
    pattern: /The file "(?<file>[^"]+)" exists, but it is not a valid DuckDB database file/i,
    kind: "permanent",
    say: (found) =>
      `${found.groups?.["file"] ?? ""} is not a DuckDB database; move it away, or use another home`,
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
      `the warehouse's file is damaged: ${said}; move it away and run again: it is filled from the sources`,
  },
  // Parquet.
  {
    pattern: /No magic bytes found|too small to be a Parquet file|Footer length error/,
    kind: "integrity",
    say: (_, subject) => `${subject} is damaged or cut short: it has no Parquet footer where one must be`,
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
      `${subject} is damaged: its Parquet content cannot be read (${withoutFile(said)})`,
  },
  // CSV.
  {
    pattern: new RegExp(`${csvLine}Invalid unicode`),
    kind: "drift",
    say: (found, subject) => `${at(found, subject)} is not valid UTF-8; the file must be published in UTF-8`,
  },
  {
    pattern: new RegExp(`${csvLine}Maximum line size of (?<limit>\\d+) bytes`),
    kind: "drift",
    say: (found, subject) => `${at(found, subject)} is longer than ${found.groups?.["limit"] ?? ""} bytes`,
  },
  {
    pattern: new RegExp(`${csvLine}unterminated quote`),
    kind: "drift",
    say: (found, subject) => `${at(found, subject)} begins a quoted field that never ends`,
  },
  {
    pattern: new RegExp(`${csvLine}Expected Number of Columns: (?<due>\\d+) Found: (?<found>\\d+)`),
    kind: "drift",
    say: (found, subject) =>
      `${at(found, subject)} has ${found.groups?.["found"] ?? ""} fields, not ${found.groups?.["due"] ?? ""}`,
  },
  {
    pattern: new RegExp(
      `${csvLine}converting column "(?<column>[^"]*)"\\. Could not convert string "(?<text>[^]*?)" to '(?<type>\\w+)`,
    ),
    kind: "drift",
    say: (found, subject) =>
      `${at(found, subject)}: column ${found.groups?.["column"] ?? ""}: "${found.groups?.["text"] ?? ""}" cannot be read as ${found.groups?.["type"] ?? ""}`,
  },
  {
    pattern: /CSV Parser state machine reached an invalid state/,
    kind: "drift",
    say: (_, subject) =>
      `${subject} is not CSV by RFC 4180: it holds a quote or a carriage return where none may be`,
  },
  {
    pattern: new RegExp(`${csvLine}$`),
    kind: "drift",
    say: (found, subject) => `${at(found, subject)} cannot be read as CSV`,
  },
  {
    pattern: /not a GZIP stream|Unsupported GZIP archive|Failed to decode gzip/i,
    kind: "integrity",
    say: (_, subject) => `${subject} is not gzip, or is damaged`,
  },
  // The engine itself.
  {
    pattern:
      /^Out of Memory Error[^]*?(?<size>\d[\d.]* \w+)\/(?<limit>\d[\d.]* \w+) used|^Out of Memory Error/i,
    kind: "permanent",
    say: (found, subject) =>
      `${subject} needs more memory than the engine may use (${found.groups?.["limit"] ?? "its limit"}): its rows are too wide`,
  },
  {
    pattern: /^INTERRUPT Error|Query interrupted/i,
    kind: "retryable",
    say: (_, subject) => `${subject}: the work was interrupted; run again`,
  },
  {
    pattern: /^TransactionContext Error|Transaction conflict/i,
    kind: "retryable",
    say: (_, subject) => `${subject} was changed by somebody else meanwhile; run again`,
  },
  {
    pattern: /^(INTERNAL|FATAL) Error: (?<said>[^\n]*)/i,
    kind: "permanent",
    say: (found, subject) =>
      `${subject}: the engine failed inside: ${found.groups?.["said"] ?? ""}; please report this`,
  },
  {
    pattern: /^IO Error: No files found that match the pattern "(?<file>[^"]*)"/,
    kind: "retryable",
    say: (found) => `${found.groups?.["file"] ?? ""} has gone while it was worked on; run again`,
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
      `${subject}: the engine refused: ${found.groups?.["said"] ?? ""}; please report this`,
  },
];

const ofLibraries: readonly Rule[] = [
  // zlib.
  {
    pattern: /\bZ_BUF_ERROR\b|unexpected end of file/,
    kind: "integrity",
    say: (_, subject) => `${subject} is cut short: its compressed content does not end`,
  },
  {
    pattern:
      /\bZ_(DATA|NEED_DICT|STREAM)\w*\b|\bERR_+(BROTLI|ERROR_FORMAT|ERROR_ALLOC)\w*|incorrect (data|header|length) check/,
    kind: "integrity",
    say: (_, subject, said) => `${subject} is damaged: its compressed content does not check out (${said})`,
  },
  {
    pattern:
      /\bZ_MEM_ERROR\b|\bERR_(STRING_TOO_LONG|BUFFER_TOO_LARGE|MEMORY_ALLOCATION_FAILED)\b|Array buffer allocation failed|Invalid (string|array|typed array) length/,
    kind: "permanent",
    say: (_, subject) => `${subject} does not fit into memory`,
  },
  // TLS: asking again does not help.
  {
    pattern:
      /\b(CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_TLS_CERT_ALTNAME_INVALID|ERR_SSL_\w+|EPROTO|HOSTNAME_MISMATCH)\b/,
    kind: "permanent",
    say: (_, subject, said) =>
      `${subject}: the server's certificate is not accepted: ${said}; a certificate authority of your own goes into NODE_EXTRA_CA_CERTS`,
  },
  // The network.
  {
    pattern: /\b(ENOTFOUND|EAI_NONAME|EAI_NODATA)\b/,
    kind: "retryable",
    say: (_, subject, said) => `${subject}: there is no such host, or no name server: ${said}`,
  },
  {
    pattern:
      /\b(ECONN\w+|EPIPE|ETIMEDOUT|EAI_\w+|E(HOST|NET)(UNREACH|DOWN)|ERR_STREAM_PREMATURE_CLOSE|ERR_SOCKET\w*|UND_ERR\w*|HPE_\w+|ABORT_ERR|ERR_STREAM_DESTROYED)\b|socket hang up|Parse Error: /,
    kind: "retryable",
    say: (_, subject, said) => `${subject}: the connection failed: ${said}`,
  },
  // Addresses and texts.
  {
    pattern: /\bERR_INVALID_(URL|FILE_URL_\w+)\b|^Invalid URL|URI malformed/,
    kind: "permanent",
    say: (_, subject) => `${subject} does not have a valid address`,
  },
  {
    pattern: /\b(ENOENT|ENOTDIR|EISDIR)\b/,
    kind: "permanent",
    say: (_, _subject, said) => said,
  },
];

/** What a server of Postgres says by its code. https://www.postgresql.org/docs/current/errcodes-appendix.html */
function postgresWords(code: string, said: string, subject: string): Words {
  const refused = (kind: FailureKind, advice = ""): Words => ({
    kind,
    message: `${subject}: the database refused: ${firstSentence(said)}${advice}`,
  });
  switch (code.slice(0, 2)) {
    case "08":
    case "40":
    case "53":
    case "55":
    case "57":
    case "58":
      return refused("retryable");
    case "28":
    case "3D":
    case "42":
      return refused(
        "permanent",
        code === "42P01" || code === "42703"
          ? "; was it changed by hand?"
          : "; check the user and its rights",
      );
    case "XX":
      return refused(code === "XX001" || code === "XX002" ? "integrity" : "permanent");
    default:
      return refused("permanent");
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

/** Of an error without words, as Node throws when all addresses of a host have failed, what its parts say. */
function causesOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("errors" in error) || !Array.isArray(error.errors))
    return "";
  return error.errors.map(messageOf).join("; ");
}

/** What comes before the engine's hints and its picture of the query, without the class of the error. */
function firstSentence(text: string): string {
  return (text.split("\n")[0] ?? "").replace(/^[A-Za-z ]+ Error: /, "").trim();
}

/** Without the path of a file in scratch, which tells nobody anything. */
function withoutFile(said: string): string {
  return said.replace(/Failed to read (Parquet )?file "[^"]*": /, "").replace(/ ?(in|of) file '[^']*'/, "");
}
