import type { DuckDBConnection } from "@duckdb/node-api";
import { type DatasetSpec, Period } from "../../dataset";
import { queryRows } from "../../job/engine/rows";
import { quoteLiteral } from "../../job/engine/sql";
import { tableExists } from "../../job/warehouse/duckdb-schema";

/** What a build has to do. */
export type BuildPlan =
  /** Everything is built from what raw contains. */
  | { readonly kind: "nothing" }
  /** Replaces these periods in the incremental models, by their first days, and builds the other models. */
  | { readonly kind: "periods"; readonly days: readonly string[] }
  /** Builds all models from nothing, period by period, and says why. */
  | { readonly kind: "all"; readonly reason: string; readonly days: readonly string[] };

/** A period of a data set in raw. */
interface Loaded {
  readonly dataset: string;
  readonly period: string;
  /** Key of the file that it was loaded from, and when: a table that was repaired is loaded again under the same key. */
  readonly key: string;
}

/** What raw contains, and what the last build was made from. */
export interface State {
  readonly loaded: readonly Loaded[];
  readonly built: readonly Loaded[];
  /** Digest of the project of the last build; undefined if there was none. */
  readonly project: string | undefined;
  /** Tables in core that do not exist. */
  readonly missing: readonly string[];
}

export interface BuildRequest {
  readonly catalog: ReadonlyMap<string, DatasetSpec>;
  readonly digest: string;
  /** First days of periods that are built whether or not they have changed, and no others. @default - what has changed */
  readonly days?: readonly string[];
  /** Whether to build everything from nothing. */
  readonly fullRefresh: boolean;
}

/** Decides what to build. */
export function planOf(state: State, { catalog, digest, days, fullRefresh }: BuildRequest): BuildPlan {
  const reason = reasonForAll(state, { catalog, digest, fullRefresh });
  const daysIn = (entries: readonly Loaded[]) =>
    [...new Set(entries.flatMap((entry) => dayOf(entry, catalog) ?? []))].sort();
  if (reason !== undefined) return { kind: "all", reason, days: daysIn(state.loaded) };
  if (days !== undefined) return { kind: "periods", days };
  const changed = daysIn(changedIn(state));
  return changed.length === 0 ? { kind: "nothing" } : { kind: "periods", days: changed };
}

function reasonForAll(
  state: State,
  { catalog, digest, fullRefresh }: Omit<BuildRequest, "days">,
): string | undefined {
  if (fullRefresh) return "--full-refresh was requested";
  if (state.project === undefined) return "nothing was built before";
  if (state.project !== digest) return "the models have changed";
  const [missing] = state.missing;
  if (missing !== undefined) return `core.${missing} does not exist`;
  const whole = changedIn(state).find(({ dataset }) => catalog.get(dataset)?.grain === "once");
  return whole && `${whole.dataset} has changed, which all trips refer to`;
}

/** Periods that were loaded, loaded again or removed since the last build. */
function changedIn({ loaded, built }: State): readonly Loaded[] {
  const words = ({ dataset, period, key }: Loaded) => `${dataset} ${period} ${key}`;
  const [now, before] = [new Set(loaded.map(words)), new Set(built.map(words))];
  return [
    ...loaded.filter((entry) => !before.has(words(entry))),
    ...built.filter((entry) => !now.has(words(entry))),
  ];
}

/** First day of a period; undefined for a data set that is ingested as a whole, or not in the catalog. */
function dayOf({ dataset, period }: Loaded, catalog: ReadonlyMap<string, DatasetSpec>): string | undefined {
  const grain = catalog.get(dataset)?.grain ?? "once";
  return grain === "once" ? undefined : Period.parse(grain, period).startDate;
}

/** Reads the state of the data sets in use. */
export async function readState(
  connection: DuckDBConnection,
  datasets: readonly string[],
  tables: readonly string[],
): Promise<State> {
  const missing: string[] = [];
  for (const table of tables) if (!(await tableExists(connection, "core", table))) missing.push(table);
  const entries = async (table: "ledger" | "transformed", key: string) => {
    if (!(await tableExists(connection, "tributary", table))) return [];
    const ids = datasets.map(quoteLiteral).join(", ");
    const rows = await queryRows(
      connection,
      `SELECT dataset, period, ${key} AS key FROM tributary.${table} WHERE dataset IN (${ids}) ORDER BY ALL`,
    );
    return rows.map((row) => ({
      dataset: String(row["dataset"]),
      period: String(row["period"]),
      key: String(row["key"]),
    }));
  };
  const [loaded, built] = [
    await entries("ledger", "key || ' ' || epoch_us(loaded_at)"),
    await entries("transformed", "key"),
  ];
  const projects = (await tableExists(connection, "tributary", "transform"))
    ? await queryRows(connection, "SELECT project FROM tributary.transform")
    : [];
  return { loaded, built, missing, project: projects[0] && String(projects[0]["project"]) };
}

/** Records what a build was made from, in one transaction. */
export async function recordBuild(
  connection: DuckDBConnection,
  plan: Exclude<BuildPlan, { kind: "nothing" }>,
  { loaded }: State,
  { catalog, digest }: Pick<BuildRequest, "catalog" | "digest">,
): Promise<void> {
  const isBuilt = (entry: Loaded) => plan.kind === "all" || plan.days.includes(dayOf(entry, catalog) ?? "");
  const values = (entry: Loaded) =>
    `(${[entry.dataset, entry.period, entry.key].map(quoteLiteral).join(", ")})`;
  const labels = plan.kind === "all" ? [] : plan.days.flatMap((day) => [day, day.slice(0, 7)]);
  await connection.run("BEGIN");
  try {
    await connection.run(
      "CREATE TABLE IF NOT EXISTS tributary.transformed (dataset VARCHAR, period VARCHAR, key VARCHAR)",
    );
    await connection.run("CREATE TABLE IF NOT EXISTS tributary.transform (project VARCHAR)");
    await connection.run(
      plan.kind === "all"
        ? "DELETE FROM tributary.transformed"
        : `DELETE FROM tributary.transformed WHERE period IN (${labels.map(quoteLiteral).join(", ")})`,
    );
    const built = loaded.filter(isBuilt);
    if (built.length > 0)
      await connection.run(`INSERT INTO tributary.transformed VALUES ${built.map(values).join(", ")}`);
    await connection.run("DELETE FROM tributary.transform");
    await connection.run(`INSERT INTO tributary.transform VALUES (${quoteLiteral(digest)})`);
    await connection.run("COMMIT");
  } catch (error) {
    await connection.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
