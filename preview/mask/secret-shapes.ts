/** Whether a value looks like a secret, regardless of its name: a private key, a token, a generated string. */
export function looksSecret(value: string): boolean {
  return (value.length >= 12 && hasKnownShape(value)) || generatedIn(value, 20);
}

/**
 * Whether the value of an environment variable looks generated. The minimum length is lower, because secrets are common
 * there.
 */
export function looksGenerated(value: string): boolean {
  return hasKnownShape(value) || generatedIn(value, 12);
}

/** Whether an argument is an option whose value follows: `--password`, `--api-key`. */
export function isSecretOption(argument: string): boolean {
  return /^--?(?:[\w-]*-)?(?:password|passwd|pass|token|secret|api-?key|access-?key|private-?key)$/i.test(
    argument,
  );
}

/** The password in a URL such as `postgres://user:password@host/`. */
export function passwordIn(value: string): string | undefined {
  const found = userInfo.exec(value)?.[1];
  return found === undefined || found === "" ? undefined : found;
}

const userInfo = /[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:([^/\s@]+)@/i;

/** Combined into one expression each, for speed. */
const shapes = new RegExp(
  [
    /-----BEGIN [A-Z ]*PRIVATE KEY/,
    /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
    /\bAIza[\w-]{30,}/,
    /\bya29\.[\w-]{10,}/,
    /\bGOCSPX-[\w-]{10,}/,
    /\bgh[pousr]_\w{20,}/,
    /\bgithub_pat_\w{20,}/,
    /\bglpat-[\w-]{15,}/,
    /\bxox[abposr]-[\w-]{10,}/,
    /hooks\.slack\.com\/services\/\w/,
    /\b[rs]k_(?:live|test)_\w{10,}/,
    /\bnpm_\w{30,}/,
    /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/,
    /\bhvs\.[\w-]{20,}/,
    /\bBasic\s+[A-Za-z0-9+/]{8,}=*/,
  ]
    .map(({ source }) => source)
    .join("|"),
);
const shapesInAnyCase = new RegExp(
  [
    userInfo,
    /\bBearer\s+[\w.~+/-]{8,}/,
    // `DB_PASSWORD=...`, `"password": "..."`, `clientSecret: ...`
    /(?:passw(?:or)?d|(?:client|app)_?secret|(?<![a-z])(?:pwd|secret|token|(?:api|access|account|private|auth)_?key|sharedaccesskey))["']?\s*[=:]\s*["']?[^\s"';,&]{4,}/,
    /[?&](?:sig|signature|key|code|access_token|auth)=[\w%+/-]{8,}/,
    /(?:^|\s)-u\s+[^\s:]+:[^\s]{4,}/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "i",
);

function hasKnownShape(value: string): boolean {
  // Each shape in any case has one of these characters, which most names and identifiers do not have.
  return shapes.test(value) || (/[\s:=]/.test(value) && shapesInAnyCase.test(value));
}

function generatedIn(value: string, length: number): boolean {
  if (value.length < length || !isMixed(value)) return false;
  const words = value.match(/[A-Za-z0-9+_=-]{12,}/g);
  return (
    words !== null &&
    words.some(
      (word) => word.length >= length && isMixed(word) && entropy(word) >= 3.2 && !ordinary.test(word),
    )
  );
}

/** Timestamps, identifiers of words, release numbers. */
const ordinary = /^(?:\d{4}-\d\d-\d\dT.*|[A-Z]?[a-z]+(?:[A-Z][a-z]+)*\d{0,3}|[A-Z]+(?:_[A-Z]+)*_?\d*)$/;

/** Uppercase letters, lowercase letters and digits, and digits not only at the end. */
function isMixed(word: string): boolean {
  return /[A-Z]/.test(word) && /[a-z]/.test(word) && /\d.*[A-Za-z]/.test(word);
}

/** Bits per character. */
function entropy(word: string): number {
  const counts = new Map<number, number>();
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  let bits = 0;
  for (const count of counts.values()) bits -= (count / word.length) * Math.log2(count / word.length);
  return bits;
}
