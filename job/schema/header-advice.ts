/** Explains why a header does not match the specification although it looks the same. */
import { escaped, shortened } from "../../errors/one-line";

/** A header for messages: escaped and shortened. */
export function shownHeader(header: string): string {
  return shortened(escaped(header.trim()), 60);
}

/** The form in which headers are compared: without case and surrounding spaces. */
export function folded(text: string): string {
  return text.trim().toLowerCase();
}

const delimiters = [",", ";", "\t", "|"];

/**
 * The delimiter of a header, if it differs from the specification's.
 *
 * @param line text of the header
 * @param known names and aliases of the columns, folded
 */
export function otherDelimiter(
  line: string,
  specified: string,
  known: ReadonlySet<string>,
): string | undefined {
  const unquoted = (text: string) => text.trim().replace(/^(["'])(.*)\1$/, "$2");
  return delimiters
    .filter((delimiter) => delimiter !== specified)
    .find((delimiter) => {
      const parts = line.split(delimiter);
      return parts.length > 1 && parts.some((part) => known.has(folded(unquoted(part))));
    });
}

/** Invisible differences of a header: an invisible character, another Unicode form, a letter of another script. */
export function unseen(header: string, known: ReadonlySet<string>): string | undefined {
  const odd = Array.from(header.trim()).filter((character) => character > "~" || character < " ");
  if (odd.length === 0) return undefined;
  const codes = [...new Set(odd)]
    .slice(0, 4)
    .map((character) => codeOf(character))
    .join(", ");
  const visible = folded(header.replace(/[\p{Cf}\p{Cc}]/gu, "").replace(/\p{Zs}/gu, " "));
  if (known.has(visible)) return `it contains invisible characters: ${codes}`;
  for (const form of ["NFC", "NFD", "NFKC"] as const)
    if ([...known].some((name) => name.normalize(form) === visible.normalize(form)))
      return `it contains ${codes}: the same text in another Unicode form (${header === header.normalize("NFD") ? "NFD" : "NFC"})`;
  return `it contains ${codes}`;
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The first texts of a list, and the number of the others. */
export function few(texts: readonly string[], most = 3): string[] {
  // Showing one more is as short as counting it.
  if (texts.length <= most + 1) return [...texts];
  return [...texts.slice(0, most), `${texts.length - most} more`];
}
