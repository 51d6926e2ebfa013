import orders from "../../docs/examples/orders";
import { changesText } from "../../scripts/golden/changes";
import { goldenFiles } from "../../scripts/golden/files";
import { loadCatalog } from "../fixtures/catalog";
import { dev, environments } from "../fixtures/config";

const catalog = loadCatalog();
const filesOf = (props: Partial<Parameters<typeof goldenFiles>[0]> = {}) =>
  goldenFiles({ environments, catalog, schemas: {}, records: {}, ...props });
const ids = [...catalog.keys(), orders.id];
const before = filesOf();
const with_ = (spec: typeof orders) => new Map([...catalog, [spec.id, spec]]);
const withOrders = filesOf({ catalog: with_(orders) });
/** One environment, where that is enough: a synthesis takes its time. */
const ofDev = (props: Partial<Parameters<typeof goldenFiles>[0]> = {}) =>
  filesOf({ environments: [dev], ...props });
const devBefore = ofDev();

test("a data set that is added is one line, with the record of its schema", () => {
  expect(changesText(before, withOrders, ids)).toEqual([
    "orders: +2 tables, +1 schedule, +1 specification, schema recorded (dev, prod)",
    "example of composer: changed",
    "transform/models/sources.yml: changed",
  ]);
});

test("a data set that is removed is one line", () => {
  expect(changesText(withOrders, before, ids)[0]).toBe(
    "orders: -2 tables, -1 schedule, -1 specification, schema no longer recorded (dev, prod)",
  );
});

test("a changed description changes the tables and the specification, but not the record of the schema", () => {
  const after = ofDev({ catalog: with_({ ...orders, description: "Others." }) });
  expect(changesText(ofDev({ catalog: with_(orders) }), after, ids)[0]).toBe(
    "orders: ~1 table, ~1 specification (dev)",
  );
});

test("a changed setting is one line per stack of its environment", () => {
  const alerts = { email: "ops@example.com" };
  const after = ofDev({ environments: [{ ...dev, alerts }] });
  expect(changesText(devBefore, after, ids)).toEqual([
    "dev-database: ~1 google_monitoring_notification_channel",
    "dev-orchestration: ~1 google_monitoring_notification_channel",
  ]);
});

test("without a change there is no line", () => {
  expect(changesText(devBefore, ofDev(), ids)).toEqual([]);
});
