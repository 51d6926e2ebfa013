/** What an expression of a workflow can name: `github`, `needs`, `vars` and so on. */
export type Context = Readonly<Record<string, unknown>>;

/** The text with each `${{ ... }}` replaced by its value, as GitHub does. */
export function filled(text: string, context: Context): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
    shown(evaluate(expression, context)),
  );
}

/**
 * The value of an expression. Of the language just what the workflows use: names, texts, `==`, `!=`, `&&`, `||` and
 * `always()`.
 *
 * @throws Error for anything else
 */
export function evaluate(expression: string, context: Context): unknown {
  const tokens = [
    ...expression.matchAll(/\s*('(?:[^']|'')*'|==|!=|&&|\|\||[A-Za-z_][\w.-]*(?:\(\))?|\S)/g),
  ].map(([, token]) => token ?? "");
  const value = either(tokens, context);
  if (tokens.length > 0) throw new Error(`${expression}: ${tokens.join(" ")} is not understood`);
  return value;
}

function either(tokens: string[], context: Context): unknown {
  let value = both(tokens, context);
  while (taken(tokens, "||")) {
    const other = both(tokens, context);
    value = isTrue(value) ? value : other;
  }
  return value;
}

function both(tokens: string[], context: Context): unknown {
  let value = comparison(tokens, context);
  while (taken(tokens, "&&")) {
    const other = comparison(tokens, context);
    value = isTrue(value) ? other : value;
  }
  return value;
}

function comparison(tokens: string[], context: Context): unknown {
  const value = single(tokens, context);
  if (taken(tokens, "==")) return shown(value) === shown(single(tokens, context));
  if (taken(tokens, "!=")) return shown(value) !== shown(single(tokens, context));
  return value;
}

function single(tokens: string[], context: Context): unknown {
  const token = tokens.shift() ?? "";
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (token === "always()") return true;
  if (!/^[A-Za-z_][\w.-]*$/.test(token)) throw new Error(`"${token}" is not understood`);
  return token.split(".").reduce<unknown>(member, context);
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
}

function taken(tokens: string[], token: string): boolean {
  if (tokens[0] !== token) return false;
  tokens.shift();
  return true;
}

function shown(value: unknown): string {
  return value === undefined || value === null
    ? ""
    : typeof value === "string"
      ? value
      : JSON.stringify(value);
}

export function isTrue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== "" && value !== 0;
}
