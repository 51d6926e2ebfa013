/** Paths into a JSON value, in the subset of JSONPath that BigQuery and DuckDB share. */

/** A step of a path: a key of an object, or an index of an array. */
export type PathStep = string | number;

/**
 * The steps of a path: `$.customer.name`, `$.items[0].price`, `$["a key"]`.
 *
 * @throws RangeError when it is not valid
 */
export function pathSteps(path: string): readonly PathStep[] {
  const steps: PathStep[] = [];
  const form = /\.([\p{L}_$][\p{L}\p{N}_$-]*)|\[(\d{1,9})\]|\["((?:[^"\\]|\\.)+)"\]/uy;
  form.lastIndex = 1;
  while (path.startsWith("$") && form.lastIndex < path.length) {
    const from = form.lastIndex;
    const [, key, index, quoted] = form.exec(path) ?? [];
    if (key !== undefined) steps.push(key);
    else if (index !== undefined) steps.push(Number(index));
    else if (quoted !== undefined) steps.push(String(JSON.parse(`"${quoted}"`)));
    else throw invalid(path, `"${path.slice(from)}" cannot be read`);
  }
  if (typeof steps[0] !== "string") throw invalid(path, "it must begin with $ and a key");
  return steps;
}

function invalid(path: string, why: string): RangeError {
  return new RangeError(
    `"${path}" is not a valid path: ${why}; use the form $.customer.name, $.items[0] or $["a key"]`,
  );
}
