/** Why a header does not fit that looks as if it did. */
import { escaped, shortened } from "../../errors/one-line";

/** A header as a message may show it. */
export function shownHeader(header: string): string {
  return shortened(escaped(header.trim()), 60);
}

/** How headers are compared: without regard to case and surrounding spaces. */
export function folded(text: string): string {
  return text.trim().toLowerCase();
}

const delimiters = [",", ";", "\t", "|"];

/**
 * The delimiter that a header was written with, when it is another one than the specification's.
 *
 * @param line its text
 * @param known the names and aliases, folded
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

/** What a header holds that cannot be seen: an invisible character, a letter in two parts, a letter of another script. */
export function unseen(header: string, known: ReadonlySet<string>): string | undefined {
  const odd = Array.from(header.trim()).filter((character) => character > "~" || character < " ");
  if (odd.length === 0) return undefined;
  const codes = [...new Set(odd)]
    .slice(0, 4)
    .map((character) => codeOf(character))
    .join(", ");
  const visible = folded(header.replace(/[\p{Cf}\p{Cc}]/gu, "").replace(/\p{Zs}/gu, " "));
  if (known.has(visible)) return `it holds the invisible ${codes}`;
  for (const form of ["NFC", "NFD", "NFKC"] as const)
    if ([...known].some((name) => name.normalize(form) === visible.normalize(form)))
      return `it holds ${codes}: the same letters are written with other characters (Unicode ${header === header.normalize("NFD") ? "NFD" : "NFC"})`;
  return `it holds ${codes}`;
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The first of a list, and how many there are besides. */
export function few(texts: readonly string[], most = 3): string[] {
  // One more is as short as to say that there is one more.
  if (texts.length <= most + 1) return [...texts];
  return [...texts.slice(0, most), `${texts.length - most} more like this`];
}
