import { exitCodes, jobEnvironmentFrom, type Variables } from "../../dataset";
import { audit, type AuditContext, type Difference } from "../audit";
import { checkDestinations } from "../destinations";
import { asFailure, type Failure } from "../failure";
import { repair, type Repaired } from "../repair";
import { jsonLines } from "../report/json-lines";
import { countText, table } from "../text";
import { terminal } from "../report/terminal";
import { newRunId } from "../run-result";
import { withSession } from "../session";
import { allSpecs, specOf, warnOfBroken } from "./dataset";
import { type SessionOptions, sessionRequest } from "./session-request";
import { stoppable } from "./stoppable";

export interface AuditOptions extends SessionOptions {
  readonly dataset?: string;
  readonly deep?: boolean;
  readonly json?: boolean;
}

/** What `ingest verify --json` and `ingest repair --json` print on their last line. */
interface AuditSummary {
  /** Number of periods that were verified. */
  readonly periods: number;
  /** Repaired differences; only for `ingest repair`. */
  readonly repaired?: readonly Repaired[];
  /** Differences from the records; after a repair, those that remain. */
  readonly differences: readonly Difference[];
  readonly error?: { readonly kind: string; readonly exitCode: number; readonly message: string };
}

/**
 * `ingest verify` and `ingest repair`.
 *
 * @returns the exit code: that of an integrity failure when there are differences, or some remain after a repair
 */
export async function auditCommand(
  command: "verify" | "repair",
  options: AuditOptions,
  variables: Variables,
): Promise<number> {
  const reporter = process.stderr.isTTY ? terminal(process.stderr) : jsonLines();
  let summary: AuditSummary = { periods: 0, differences: [] };
  let failure: Failure | undefined;
  try {
    const environment = jobEnvironmentFrom(variables);
    const base = sessionRequest(options, environment, variables);
    const specs =
      options.dataset === undefined
        ? await allSpecs(environment, warnOfBroken)
        : [await specOf(options.dataset, environment)];
    const columns = Math.max(0, ...specs.map((spec) => spec.columns.length));
    const request = { ...base, columns, replaceTables: false };
    const isDeep = options.deep ?? false;
    summary = await stoppable(
      (cleanups) =>
        withSession(request, reporter, cleanups, async ({ engine, destinations }) => {
          const repaired: Repaired[] = [];
          const differences: Difference[] = [];
          let periods = 0;
          for (const spec of specs) {
            const scratch = `${request.home.scratch}/${command}`;
            const context: AuditContext = { engine, reporter, spec, scratch };
            await checkDestinations(destinations, spec);
            if (command === "repair")
              repaired.push(...(await repair(context, destinations, newRunId(), isDeep)));
            const found = await audit(context, destinations, isDeep);
            periods += found.periods;
            differences.push(...found.differences);
          }
          return { periods, differences, ...(command === "repair" && { repaired }) };
        }),
      reporter,
    );
  } catch (error) {
    failure = asFailure(error);
    const { kind, exitCode, message } = failure;
    summary = { ...summary, error: { kind, exitCode, message } };
  }
  reporter.close();
  print(command, summary, options.json ?? false);
  if (failure !== undefined) process.stderr.write(`${failure.message}\n`);
  return failure?.exitCode ?? (summary.differences.length > 0 ? exitCodes.integrity.code : 0);
}

function print(command: "verify" | "repair", summary: AuditSummary, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    return;
  }
  if (summary.error !== undefined) return;
  const { periods, repaired = [], differences } = summary;
  const parts = [
    ...(repaired.length > 0 ? [rows("repaired", repaired)] : []),
    ...(differences.length > 0 ? [rows(command === "repair" ? "remaining" : "difference", differences)] : []),
    `${countText(periods, "period")}: ${differences.length === 0 ? "no differences" : countText(differences.length, "difference")}`,
    ...(differences.length > 0 ? [advice(command)] : []),
  ];
  process.stdout.write(`${parts.join("\n\n")}\n`);
}

function rows(title: string, found: readonly Difference[]): string {
  const cells = found.map(({ dataset, period, place, what }) => [`${dataset} ${period} ${place}: ${what}`]);
  return table([[title], ...cells]);
}

function advice(command: "verify" | "repair"): string {
  return command === "verify"
    ? "To reload tables from the lake, run ingest repair. For periods with missing files in the lake, run ingest run."
    : "To ingest these periods again, run ingest run --force --period ...";
}
