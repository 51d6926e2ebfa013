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
const withOrders = filesOf({ catalog: new Map([...catalog, [orders.id, orders]]) });

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
  const changed = { ...orders, description: "Others." };
  const after = filesOf({ catalog: new Map([...catalog, [orders.id, changed]]) });
  expect(changesText(withOrders, after, ids)[0]).toBe("orders: ~1 table, ~1 specification (dev, prod)");
});

test("a changed setting is one line per stack of its environment", () => {
  const alerts = { email: "ops@example.com" };
  const after = filesOf({
    environments: environments.map((one) => (one === dev ? { ...dev, alerts } : one)),
  });
  expect(changesText(before, after, ids)).toEqual([
    "dev-database: ~1 google_monitoring_notification_channel",
    "dev-orchestration: ~1 google_monitoring_notification_channel",
  ]);
});

test("without a change there is no line", () => {
  expect(changesText(before, filesOf(), ids)).toEqual([]);
});
