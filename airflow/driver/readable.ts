/**
 * Makes the log of `airflow dags test` readable: which task starts, what its programs print, why it failed or was skipped,
 * and that it is tried again. Lines of Airflow itself are left out.
 *
 * @returns a function of a line that returns what to show of it, or undefined
 */
export function readable(): (line: string) => string | undefined {
  let task = "";
  let waiting = false;
  let inTraceback = false;
  return (line) => {
    const own = /^\d{4}-\d\d-\d\dT\S+ \[(\w+)\s*\] (.*)$/.exec(line);
    if (own === null) {
      if (line.startsWith("Traceback")) inTraceback = true;
      if (!inTraceback) return noise.test(line) ? undefined : `    ${messageIn(line)}`;
      // The last line of a traceback has the exception; the others start with a space.
      const failure = /^[\w.]+: (.*)$/.exec(line)?.[1];
      if (failure === undefined) return undefined;
      inTraceback = false;
      return `  ✗ ${task}: ${failure.replace(/ \{.*$/, "")}`;
    }
    inTraceback = false;
    const [, , text = ""] = own;
    const started = /^\[DAG TEST\] starting task_id=(\w+)/.exec(text)?.[1];
    if (started !== undefined) {
      task = started;
      waiting = false;
      return task;
    }
    const skipped = /^Skipping task\..*reason='(.*)'/.exec(text)?.[1];
    if (skipped !== undefined) return `  - skipped: ${skipped}`;
    if (text.includes("up_for_retry") && !waiting) {
      waiting = true;
      return `  … ${task} is tried again after a pause`;
    }
    return undefined;
  };
}

/** What is not from the programs of this project. */
const noise = /^\s*$|^DagRun failed$|^You might need to install|^Run `pip install|graphviz/;

/** The message of a line of the ingest program, which is JSON; otherwise the line. */
function messageIn(line: string): string {
  if (!line.startsWith('{"severity"')) return line;
  try {
    const { message } = JSON.parse(line) as { readonly message?: unknown };
    return typeof message === "string" ? message : line;
  } catch {
    return line;
  }
}
