/** Why a condition is less restrictive than before; undefined if it is not. */
export function loosened(before: string | undefined, after: string | undefined): string | undefined {
  if (before === undefined || before.trim() === "" || before === after) return undefined;
  if (after === undefined || after.trim() === "") return "the condition is removed";
  const kept = new Set(conjuncts(after));
  const missing = conjuncts(before).filter((part) => !kept.has(part));
  // An additional term with && is more restrictive; any other change can be less restrictive.
  return missing.length === 0 ? undefined : `the condition no longer requires ${missing.join(" and ")}`;
}

/** The terms of a conjunction, with normalized whitespace. A condition with a top-level `||` is one term. */
function conjuncts(expression: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let start = 0;
  let alternatives = false;
  for (let at = 0; at < expression.length; at += 1) {
    const character = expression[at] ?? "";
    if (quote !== "") {
      if (character === "\\") at += 1;
      else if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if ("([{".includes(character)) depth += 1;
    else if (")]}".includes(character)) depth -= 1;
    else if (depth === 0 && expression.startsWith("||", at)) alternatives = true;
    else if (depth === 0 && expression.startsWith("&&", at)) {
      parts.push(expression.slice(start, at));
      start = at + 2;
      at += 1;
    }
  }
  parts.push(expression.slice(start));
  return alternatives ? [normalized(expression)] : parts.map(normalized);
}

function normalized(term: string): string {
  const trimmed = term.trim();
  const inner = /^\(([^()]*)\)$/.exec(trimmed)?.[1];
  return (inner ?? trimmed).replace(/\s+/g, " ").trim();
}
