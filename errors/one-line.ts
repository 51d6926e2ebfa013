/** Texts of others, made fit for a message. */

/** What a terminal or a log must not get: control characters, invisible and direction-changing ones, halves of pairs. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Every unprintable character by its code: `\u200b`. */
export function escaped(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** The text in at most `limit` characters; what is left out is in the middle: the end often says what to do. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const tail = Math.floor((limit - mark.length) / 3);
  const head = limit - mark.length - tail;
  // Never half of a pair.
  return `${text.slice(0, head).replace(/[\ud800-\udbff]$/, "")}${mark}${text.slice(-tail).replace(/^[\udc00-\udfff]/, "")}`;
}

const mark = " … ";

/** The text without what would log somebody in: user and password of URLs, signatures and tokens of queries. */
export function withoutSecrets(text: string): string {
  return (
    text
      // A password may hold anything but a space; `host:8080/a@b` has none.
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
  // A part of a megabyte is enough to show 500 characters of it.
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
