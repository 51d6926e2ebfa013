import type { Json } from "../json";
import { parseJson } from "../plan/parse-json";

/** The value of a text that is a JSON object or list. */
export function structureIn(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
