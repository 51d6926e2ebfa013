/**
 * Formats a stack's JSON for review. Strings that contain JSON (table schemas, specifications) are shown as
 * `{"jsonencode": ...}`, so that a changed column is one changed line.
 */
export function rendered(json: unknown): string {
  return `${JSON.stringify(unfolded(json), null, 2)}\n`;
}

/** Replaces strings that contain JSON with their value. */
export function unfolded(value: unknown): unknown {
  if (typeof value === "string") return /^[[{]/.test(value) ? jsonIn(value) : value;
  if (Array.isArray(value)) return value.map(unfolded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, unfolded(part)]));
}

/** Removes `"//"`: metadata of cdktf, which includes its version. */
export function withoutNotes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNotes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .map(([key, part]) => [key, withoutNotes(part)]),
  );
}

function jsonIn(text: string): unknown {
  try {
    return { jsonencode: unfolded(JSON.parse(text)) };
  } catch {
    return text;
  }
}
