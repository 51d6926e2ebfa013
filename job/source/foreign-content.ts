/** Detects other formats than the expected one by the first bytes of a file, as `file` does. */

/** Number of first bytes to examine. */
export const sampleBytes = 1024;

interface Mark {
  readonly name: string;
  readonly bytes: string;
  /** @default - the beginning */
  readonly at?: number;
}

/** Signatures of formats, as text with one byte per character. https://en.wikipedia.org/wiki/List_of_file_signatures */
const marks: readonly Mark[] = [
  { name: "gzip", bytes: "\x1f\x8b" },
  { name: "a zip archive", bytes: "PK\x03\x04" },
  { name: "an empty zip archive", bytes: "PK\x05\x06" },
  { name: "zstd", bytes: "\x28\xb5\x2f\xfd" },
  { name: "bzip2", bytes: "1AY&SY", at: 4 },
  { name: "xz", bytes: "\xfd7zXZ\x00" },
  { name: "lz4", bytes: "\x04\x22\x4d\x18" },
  { name: "a 7z archive", bytes: "7z\xbc\xaf\x27\x1c" },
  { name: "a RAR archive", bytes: "Rar!\x1a\x07" },
  { name: "a tar archive", bytes: "ustar", at: 257 },
  { name: "an LZW archive (.Z)", bytes: "\x1f\x9d" },
  { name: "Snappy", bytes: "\xff\x06\x00\x00sNaPpY" },
  { name: "Parquet", bytes: "PAR1" },
  { name: "encrypted Parquet", bytes: "PARE" },
  { name: "Avro", bytes: "Obj\x01" },
  { name: "ORC", bytes: "ORC" },
  { name: "Arrow", bytes: "ARROW1" },
  { name: "SQLite", bytes: "SQLite format 3\x00" },
  { name: "DuckDB", bytes: "DUCK", at: 8 },
  { name: "HDF5", bytes: "\x89HDF\r\n\x1a\n" },
  { name: "an old Excel workbook (.xls)", bytes: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" },
  { name: "a Java or Python object dump", bytes: "\xac\xed\x00\x05" },
];

/**
 * The format of a file; undefined when it may be CSV in UTF-8.
 *
 * @param head the first bytes, at most `sampleBytes`
 */
export function foreignContent(head: Buffer): string | undefined {
  return encodingOf(head) ?? formatOf(head) ?? markupOf(head);
}

function encodingOf(head: Buffer): string | undefined {
  const start = head.subarray(0, 4).toString("latin1");
  if (start === "\xff\xfe\x00\x00" || start === "\x00\x00\xfe\xff") return "UTF-32";
  if (start.startsWith("\xff\xfe")) return "UTF-16 (little endian)";
  if (start.startsWith("\xfe\xff")) return "UTF-16 (big endian)";
  // Without a byte order mark: in UTF-16, every second byte of an ASCII header is zero.
  const pairs = Math.min(head.length >> 1, 32);
  const zeros = (offset: 0 | 1) =>
    Array.from({ length: pairs }, (_, pair) => head[pair * 2 + offset]).filter((byte) => byte === 0).length;
  if (pairs < 2) return undefined;
  if (zeros(1) === pairs && zeros(0) === 0) return "UTF-16 (little endian, without a byte order mark)";
  if (zeros(0) === pairs && zeros(1) === 0) return "UTF-16 (big endian, without a byte order mark)";
  return undefined;
}

function formatOf(head: Buffer): string | undefined {
  // `PAR1` or `ORC` can be the name of a column; then no control character follows.
  const binary = head.some((byte) => byte < 32 && !whitespace.includes(byte));
  const found = marks.find(
    ({ bytes, at = 0 }) =>
      head.subarray(at, at + bytes.length).toString("latin1") === bytes &&
      (binary || !/^[ -~]+$/.test(bytes)),
  );
  if (found?.name !== "a zip archive") return found?.name;
  return /\[Content_Types\]\.xml|xl\/|_rels\/\.rels/.test(head.toString("latin1"))
    ? "an Excel workbook (.xlsx)"
    : found.name;
}

const whitespace = [9, 10, 11, 12, 13];

function markupOf(head: Buffer): string | undefined {
  const text = head
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trimStart();
  if (/^(<!--[^]*?-->\s*)?<(!doctype\s+html|html|head|body|script|meta|title)\b/i.test(text))
    return `HTML${titleOf(text)}`;
  if (/^<(\?xml\b|\w[\w:.-]*(\s[^>]*)?>\s*<)/i.test(text)) return `XML${errorOf(text)}`;
  if (/^(\{\s*("|\}|$)|\[\s*(\{|\[\s*["[{\d]|"|\]))/.test(text)) return "JSON";
  if (text.startsWith("%PDF-")) return "PDF";
  if (text.startsWith("version https://git-lfs")) return "a Git LFS pointer";
  return undefined;
}

/** The title of an error or login page. */
function titleOf(text: string): string {
  const title = /<title[^>]*>\s*([^<]{1,80}?)\s*</i.exec(text)?.[1];
  return title === undefined ? "" : ` ("${title.replace(/\s+/g, " ")}")`;
}

/** The error code of an object store: `<Error><Code>AccessDenied</Code>`. */
function errorOf(text: string): string {
  const code = /<Error>[^]*?<Code>(\w{1,60})<\/Code>/.exec(text)?.[1];
  return code === undefined ? "" : ` (${code})`;
}
