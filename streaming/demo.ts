import { Failure } from "../job/failure";
import { queryRows } from "../job/engine/rows";
import { countText, secondsText, table } from "../job/text";
import { withWarehouse } from "../job/warehouse/open-warehouse";
import { brokerFor, consumeTopic, type Context, type ReplayRequest, sendReplay, sourceOf } from "./commands";
import { replay } from "./produce/replay";
import type { TripSource } from "./produce/trips";
import type { Ride } from "./ride";
import { panelLines } from "./view/panel";
import { Windows } from "./windows";

/** How long the replay of the demo takes, in seconds. */
const replaySeconds = 15;
/** One of a hundred rides arrives minutes after its window. */
const late = 0.01;
/** The panel is drawn so often, in milliseconds. */
const interval = 100;

/**
 * The whole stream on one machine: broker, topic, producer, sink, load, models; and the models compared with counts made
 * apart from them.
 *
 * @param limit number of rides
 * @throws Failure integrity when the models do not have the rides that were sent
 */
export async function demo(context: Context, limit: number, hasDatabase: boolean): Promise<void> {
  const started = performance.now();
  const { view, home } = context;
  const source = await sourceOf(context, {});
  const broker = await brokerFor(context);
  const request = { limit, late };
  const expected = await windowsOf(source, request);
  await replayWithPanel(
    context,
    broker,
    source,
    { ...request, speed: expected.seconds / replaySeconds },
    expected.windows.rides,
  );
  await consumeTopic(context, broker, hasDatabase);
  const differences = await compare(context, source.name, expected.windows);
  view.line(await tables(home.warehouse));
  view.line("");
  view.line(
    differences.length === 0
      ? `  ✓ ${countText(expected.windows.rides, "ride")} sent, each once in raw.rides; ${countText(expected.windows.size, "window")} equal to those counted apart`
      : `  ✗ ${differences[0] ?? ""}`,
  );
  view.line(nextSteps((performance.now() - started) / 1000));
  if (differences.length > 0) throw new Failure("integrity", differences.join("; "));
}

async function replayWithPanel(
  context: Context,
  broker: Awaited<ReturnType<typeof brokerFor>>,
  source: TripSource,
  request: ReplayRequest,
  total: number,
): Promise<void> {
  const { view } = context;
  const windows = new Windows();
  let recent: readonly Ride[] = [];
  const began = performance.now();
  let drawn = 0;
  await sendReplay(context, broker, source, request, (produced, rides) => {
    for (const ride of rides) windows.add(ride);
    recent = [...rides.slice(-5).reverse(), ...recent].slice(0, 5);
    const now = performance.now();
    if (view.width === undefined || now - drawn < interval) return;
    drawn = now;
    const perSecond = produced.sent / ((now - began) / 1000);
    view.panel(panelLines({ produced, total, windows, recent, perSecond }, view.width));
  });
  view.close();
}

/** The windows of a replay, from the rides themselves, and how much time they cover. */
async function windowsOf(source: TripSource, options: ReplayRequest) {
  const windows = new Windows();
  let [first, last] = [Infinity, 0];
  for await (const { ride, clock } of replay(source.trips(), { ...options, name: source.name })) {
    windows.add(ride);
    first = Math.min(first, clock);
    last = Math.max(last, clock);
  }
  return { windows, seconds: Math.max(1, (last - first) / 1000) };
}

/** What differs between the model of the windows and the counts. */
async function compare({ home }: Context, name: string, windows: Windows): Promise<readonly string[]> {
  const prefix = `ride_id LIKE '${name}/%'`;
  return withWarehouse(home.warehouse, async (connection) => {
    const [counts] = await queryRows(
      connection,
      `SELECT count(*) AS rides, count(DISTINCT ride_id) AS ids FROM raw.rides WHERE ${prefix}`,
    );
    const [rides, ids] = [Number(counts?.["rides"]), Number(counts?.["ids"])];
    const differences: string[] = [];
    if (rides !== windows.rides || ids !== windows.rides)
      differences.push(
        `raw.rides has ${rides} rides of ${name}, ${ids} of them different, instead of ${windows.rides}`,
      );
    const found = await queryRows(
      connection,
      "SELECT vendor_id, CAST(window_start AS VARCHAR) AS start, rides, CAST(total_amount * 100 AS BIGINT) AS cents FROM core.rides_per_minute",
    );
    // The topic may also have rides of another replay, or of a longer one.
    const total = found.reduce((sum, row) => sum + Number(row["rides"]), 0);
    if (total !== rides) return differences;
    for (const row of found) {
      const start = String(row["start"]);
      const expected = windows.get(row["vendor_id"] === null ? undefined : Number(row["vendor_id"]), start);
      if (expected?.rides !== Number(row["rides"]) || expected.cents !== Number(row["cents"]))
        differences.push(
          `window ${start} has ${String(row["rides"])} rides instead of ${expected?.rides ?? 0}`,
        );
    }
    if (found.length !== windows.size)
      differences.push(`core.rides_per_minute has ${found.length} windows instead of ${windows.size}`);
    return differences;
  });
}

/** The results as tables: the busiest windows, and the branches. */
function tables(warehouse: string): Promise<string> {
  return withWarehouse(warehouse, async (connection) => {
    const windows = await queryRows(
      connection,
      `SELECT strftime(window_start, '%Y-%m-%d %H:%M') AS window, 'vendor ' || vendor_id AS vendor, rides, printf('$%.2f', total_amount::DOUBLE) AS amount
       FROM core.rides_per_minute ORDER BY rides DESC, window_start, vendor_id LIMIT 5`,
    );
    const branches = await queryRows(
      connection,
      `SELECT coalesce(branch, 'no amount') AS branch, count(*) AS rides, printf('$%.2f', avg(total_amount)::DOUBLE) AS mean
       FROM core.rides_by_branch GROUP BY ALL ORDER BY 1`,
    );
    const text = (rows: readonly Record<string, unknown>[]) =>
      table([Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row).map(cell))]);
    return `\nThe busiest minutes (core.rides_per_minute)\n${text(windows)}\n\nThe branch at 40 dollars (core.rides_by_branch)\n${text(branches)}`;
  });
}

function cell(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function nextSteps(seconds: number): string {
  return `
Done in ${secondsText(seconds)}. The broker is stopped; its topics are kept.

Next steps
  Query the windows      npm run ask -- 'SELECT * FROM core.rides_per_minute ORDER BY rides DESC LIMIT 10'
  Keep a broker running  npm run stream -- broker
  Send more rides        npm run stream -- produce --speed 600
  Read them              npm run stream -- consume
  Learn more             docs/streaming.md`;
}
