/** Parses expressions: https://cloud.google.com/workflows/docs/reference/syntax/expressions. */

export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "member"; readonly of: Expression; readonly key: Expression }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: "unary"; readonly operator: "not" | "-"; readonly of: Expression }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    };

const token =
  /\s*(?:(\d+(?:\.\d+)?)|("(?:[^"\\]|\\.)*")|([A-Za-z_]\w*)|(\/\/|==|!=|<=|>=|[-+*/%<>()[\].,]))/y;

/** From weakest to strongest. */
const levels: readonly (readonly string[])[] = [
  ["or"],
  ["and"],
  ["==", "!=", "<", "<=", ">", ">=", "in"],
  ["+", "-"],
  ["*", "/", "%", "//"],
];

/** @throws Error saying what is wrong with the text */
export function parse(text: string): Expression {
  const tokens = tokenize(text);
  let position = 0;
  const peek = () => tokens[position];
  const take = (expected?: string) => {
    const found = tokens[position++];
    if (found === undefined || (expected !== undefined && found !== expected)) {
      throw new Error(`expected ${expected ?? "more"} but found ${found ?? "the end"} in: ${text}`);
    }
    return found;
  };
  const list = (end: string) => {
    const items: Expression[] = [];
    while (peek() !== end) {
      items.push(binary(0));
      if (peek() !== end) take(",");
    }
    take(end);
    return items;
  };
  const binary = (level: number): Expression => {
    const operators = levels[level];
    if (operators === undefined) return unary();
    let left = binary(level + 1);
    for (let next = peek(); next !== undefined && operators.includes(next); next = peek()) {
      left = { kind: "binary", operator: take(), left, right: binary(level + 1) };
    }
    return left;
  };
  const unary = (): Expression => {
    const next = peek();
    if (next === "not" || next === "-") {
      take();
      return { kind: "unary", operator: next, of: unary() };
    }
    return postfix(primary());
  };
  const postfix = (of: Expression): Expression => {
    switch (peek()) {
      case ".":
        take();
        return postfix({ kind: "member", of, key: { kind: "literal", value: take() } });
      case "[": {
        take();
        const key = binary(0);
        take("]");
        return postfix({ kind: "member", of, key });
      }
      case "(":
        take();
        return postfix({ kind: "call", name: dotted(of, text), args: list(")") });
      default:
        return of;
    }
  };
  const primary = (): Expression => {
    const next = take();
    if (next === "(") {
      const inner = binary(0);
      take(")");
      return inner;
    }
    if (next === "[") return { kind: "list", items: list("]") };
    if (/^\d/.test(next)) return { kind: "literal", value: Number(next) };
    if (next.startsWith('"')) return { kind: "literal", value: unquoted(next) };
    if (next === "true" || next === "false") return { kind: "literal", value: next === "true" };
    if (next === "null") return { kind: "literal", value: null };
    if (/^\w/.test(next)) return { kind: "variable", name: next };
    throw new Error(`unexpected ${next} in: ${text}`);
  };
  const whole = binary(0);
  if (position < tokens.length) throw new Error(`unexpected ${tokens[position]} in: ${text}`);
  return whole;
}

/** Everything inside an expression, itself included. */
export function parts(of: Expression): Expression[] {
  switch (of.kind) {
    case "literal":
    case "variable":
      return [of];
    case "list":
      return [of, ...of.items.flatMap(parts)];
    case "call":
      return [of, ...of.args.flatMap(parts)];
    case "member":
      return [of, ...parts(of.of), ...parts(of.key)];
    case "unary":
      return [of, ...parts(of.of)];
    case "binary":
      return [of, ...parts(of.left), ...parts(of.right)];
  }
}

function tokenize(text: string): string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new Error(`cannot read "${text.slice(at)}" in: ${text}`);
    found.push(match[0].trim());
  }
  return found;
}

function unquoted(text: string): string {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "string") throw new Error(`not a string: ${text}`);
  return value;
}

function dotted(of: Expression, text: string): string {
  if (of.kind === "variable") return of.name;
  if (of.kind === "member" && of.key.kind === "literal")
    return `${dotted(of.of, text)}.${String(of.key.value)}`;
  throw new Error(`not a function call in: ${text}`);
}
