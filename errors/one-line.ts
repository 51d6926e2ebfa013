/** Prepares texts of other programs for messages. */

/** What must not be written to a terminal or log: control, invisible and bidirectional characters, lone surrogates. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Replaces unprintable characters with their codes: `\u200b`. */
export function escaped(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** Shortens a text to `limit` characters. Omits the middle, because the end often says what to do. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const tail = Math.floor((limit - mark.length) / 3);
  const head = limit - mark.length - tail;
  // Do not split a surrogate pair.
  return `${text.slice(0, head).replace(/[\ud800-\udbff]$/, "")}${mark}${text.slice(-tail).replace(/^[\udc00-\udfff]/, "")}`;
}

const mark = " … ";

/** Removes credentials: users and passwords in URLs, signatures and tokens in queries. */
export function withoutSecrets(text: string): string {
  return (
    text
      // A password may contain any character except a space; `host:8080/a@b` has none.
      .replace(/(:\/\/[^\s/?#@:'"]*):(?!\d+[/?#])[^\s'"]*@/g, "$1@")
      .replace(/(\bhttps?:\/\/)[^\s/?#'"]*@/gi, "$1")
      .replace(
        /([?&;](?:[^\s=&;'"]*(?:signature|credential|token|secret|password|apikey|api_key|access_?key)[^\s=&;'"]*|sig|key)=)[^\s&;'"]+/gi,
        "$1…",
      )
      .replace(
        /\b((?:password|passwd|pwd|authorization)\s*[=:]\s*)(?:(?:basic|bearer)\s+)?[^\s,;'"]+/gi,
        "$1…",
      )
  );
}

/** One line of at most `limit` characters, printable and without secrets. */
export function oneLine(text: string, limit = 500): string {
  // Of several megabytes, a part is enough to show 500 characters.
  const part = text.length > 100_000 ? `${text.slice(0, 50_000)}${mark}${text.slice(-50_000)}` : text;
  return shortened(
    escaped(
      withoutSecrets(part)
        .trim()
        .replace(/\s*[\r\n]+\s*/g, " "),
    ),
    limit,
  );
}
