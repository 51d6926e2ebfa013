import {
  allowedBadRows,
  jobEnvironmentVariables,
  defineDataset,
  shrinkage,
  specFromJson,
  specToJson,
} from "../../dataset";

test("a limit for bad rows is a number, or a share of the rows, rounded down", () => {
  expect(allowedBadRows({ action: "fail" }, 1000)).toBe(0);
  expect(allowedBadRows({ action: "reject", limit: 7 }, 3)).toBe(7);
  expect(allowedBadRows({ action: "reject", limit: "1%" }, 1099)).toBe(10);
  expect(allowedBadRows({ action: "reject", limit: "0.5%" }, 100)).toBe(0);
});

const none = { before: undefined, neighbors: [] };
test.each<[string, number, Parameters<typeof shrinkage>[2], string | undefined]>([
  ["no row at all", 0, none, "no row is left"],
  ["a first period", 1, none, undefined],
  ["half of what there was", 50, { before: 100, neighbors: [] }, undefined],
  ["less than half", 49, { before: 100, neighbors: [] }, "49 rows are less than 50% of the 100"],
  ["a fraction of next to nothing", 1, { before: 99, neighbors: [9_999] }, undefined],
  ["a twentieth of a neighbor", 500, { before: undefined, neighbors: [10_000, 3] }, undefined],
  ["less", 499, { before: undefined, neighbors: [3, 10_000] }, "499 rows are less than 5% of the 10000"],
])("%s", (_name, rows, comparable, why) => {
  const found = shrinkage(undefined, rows, comparable);
  if (why === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(why);
  expect(shrinkage({ action: "allow" }, rows, comparable)).toBeUndefined();
});

test("shares of the specification's own", () => {
  const shrink = { action: "fail", ofBefore: "90%" } as const;
  expect(shrinkage(shrink, 89, { before: 100, neighbors: [] })).toContain("less than 90%");
});

const orders = (columns: number) =>
  defineDataset({
    id: "orders",
    description: "Orders.",
    source: { url: "orders.csv", format: "csv" },
    grain: "once",
    columns: Array.from({ length: columns }, (_, index) => ({
      name: `column_${index}`,
      type: "INTEGER",
      description: "x",
    })),
    shrink: { action: "fail", ofNeighbors: "1%" },
    badRows: { action: "reject", limit: "0.1%" },
  });

test("limits survive JSON; a specification of before is read as it was", () => {
  expect(specFromJson(specToJson(orders(1)))).toEqual(orders(1));
  const { shrink, ...old } = orders(1);
  expect(shrink).toBeDefined();
  const json = JSON.stringify({ version: 1, ...old, badRows: { action: "reject", limit: 3 } });
  expect(specFromJson(json)).toMatchObject({ badRows: { action: "reject", limit: 3 } });
});

test.each(["101%", "-1%"] as const)("a share of %s is rejected", (limit) => {
  expect(() => defineDataset({ ...orders(1), badRows: { action: "reject", limit } })).toThrow(
    `badRows.limit: ${limit} must be from 0% to 100%`,
  );
});

test("jobEnvironmentVariables rejects a specification that exceeds the limit for environment variables of Cloud Run", () => {
  expect(jobEnvironmentVariables({ spec: orders(100) })).toHaveProperty("DATASET_SPEC");
  expect(() => jobEnvironmentVariables({ spec: orders(400) })).toThrow(
    /data set orders.*DATASET_SPEC: has \d+ bytes, but Cloud Run allows at most 32768 per environment variable/s,
  );
});
