/** Why a condition lets more through than before; undefined where it does not, or cannot be seen to. */
export function loosened(before: string | undefined, after: string | undefined): string | undefined {
  if (before === undefined || before.trim() === "" || before === after) return undefined;
  if (after === undefined || after.trim() === "") return "the condition is removed";
  const kept = new Set(conjuncts(after));
  const missing = conjuncts(before).filter((part) => !kept.has(part));
  // Whoever adds a term with && narrows; everything else may let others through.
  return missing.length === 0 ? undefined : `the condition no longer asks for ${missing.join(" and ")}`;
}

/** The terms that must all hold, white space apart. A condition with `||` at its top is one term. */
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
