import * as z from "zod/mini";
import type { StackJson } from "../../scripts/synthesized";

/** A check that failed or crashed for a resource. */
export interface Finding {
  readonly stack: string;
  readonly check: string;
  /** Title of the check, or how it crashed. */
  readonly title: string;
  /** Path of the construct: `dev-lake/lake/Resource`. */
  readonly construct: string;
}

export interface Findings {
  readonly findings: readonly Finding[];
  /** Number of checks that passed, by stack. */
  readonly passed: ReadonlyMap<string, number>;
}

const check = z.object({
  check_id: z.string(),
  check_name: z.string(),
  file_path: z.string(),
  resource: z.string(),
});
const output = z.object({
  results: z.object({
    passed_checks: z.array(check),
    failed_checks: z.array(check),
    parsing_errors: z._default(z.array(z.string()), []),
  }),
});

/**
 * Parses the output of checkov.
 *
 * @param stdout output of `checkov --output json`
 * @param stderr log with the checks that crashed, which checkov's counts omit
 * @throws Error when checkov could not read the file of a stack
 */
export function findingsIn(
  { stdout, stderr }: { stdout: string; stderr: string },
  stacks: ReadonlyMap<string, StackJson>,
): Findings {
  const { passed_checks, failed_checks, parsing_errors } = output.parse(JSON.parse(stdout)).results;
  if (parsing_errors.length > 0) throw new Error(`checkov could not read ${parsing_errors.join(", ")}`);

  const passed = new Map<string, number>();
  for (const { file_path } of passed_checks) {
    const stack = stackOf(file_path);
    passed.set(stack, (passed.get(stack) ?? 0) + 1);
  }
  const finding = (check: string, title: string, file: string, resource: string): Finding => {
    const stack = stackOf(file);
    return { stack, check, title, construct: constructOf(resource, stack, stacks) };
  };
  const failed = failed_checks.map((one) =>
    finding(one.check_id, one.check_name, one.file_path, one.resource),
  );
  // The log of each crash: `<check> on <file>:<resource>`, the stack trace, and the error in the last line.
  const crashed = stderr
    .split(/^.*Failed to run check /m)
    .slice(1)
    .map((piece) => {
      const [, id = "", file = "", resource = ""] = /^(\S+) on (\S+):(\S+)/.exec(piece) ?? [];
      const error = piece.trim().split("\n").pop() ?? "";
      return finding(id, `the check crashed: ${error}`, file, resource);
    });
  return { findings: [...failed, ...crashed], passed };
}

/** `/dev-lake/cdk.tf.json` -> `dev-lake` */
function stackOf(file: string): string {
  return file.split("/").at(-2) ?? file;
}

const notes = z.object({ "//": z.object({ metadata: z.object({ path: z.string() }) }) });

/** @param resource address of the resource; for JSON, checkov's address does not contain the type */
function constructOf(resource: string, stack: string, stacks: ReadonlyMap<string, StackJson>): string {
  const id = resource.split(".").pop() ?? resource;
  const byType = Object.values(stacks.get(stack)?.resource ?? {});
  const found = byType.flatMap((byId) => byId[id] ?? [])[0];
  return found === undefined ? `${stack}: ${resource}` : notes.parse(found)["//"].metadata.path;
}
