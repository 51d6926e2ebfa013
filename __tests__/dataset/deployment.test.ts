import fc from "fast-check";
import * as z from "zod/mini";
import {
  type Deployment,
  defineDataset,
  deployedDataset,
  deploymentName,
  deploymentToJson,
  factBytes,
  type PipelineFacts,
  specFromDeployment,
  specToJson,
} from "../../dataset";

const orders = (columns: number) =>
  defineDataset({
    id: "orders",
    description: 'Orders: ünïcödé, "quotes", ${HOME} and\nline breaks.',
    source: { url: "orders.csv", format: "csv" },
    grain: "once",
    columns: Array.from({ length: columns }, (_, index) => ({
      name: `column_${index}`,
      type: "INTEGER",
      description: "x",
    })),
  });
const facts: PipelineFacts = {
  grain: "month",
  first: "2019-01",
  last: null,
  behind: 1,
  timeZone: "America/Argentina/ComodRivadavia",
  job: "j".repeat(49),
  backfillJob: "b".repeat(49),
  transferJob: "t".repeat(100),
  latenessSeconds: 31 * 86_400,
  marker: `manifests/${"d".repeat(40)}/year={year}/month={month}/day={day}/_SUCCESS`,
  retired: false,
};
const deployment = (columns: number): Deployment => ({ pipeline: facts, specification: orders(columns) });

/** As a workflow does. */
function factsIn(json: string): unknown {
  const [line = ""] = Buffer.from(json).subarray(0, factBytes).toString().split("\n");
  return z.object({ pipeline: z.unknown() }).parse(JSON.parse(`${line.slice(0, -1)}}`)).pipeline;
}

test("a deployment is JSON, of which the job reads the specification", () => {
  const json = deploymentToJson(deployment(3));
  expect(JSON.parse(json)).toMatchObject({ pipeline: facts, specification: { id: "orders" } });
  expect(specFromDeployment(json)).toEqual(orders(3));
});

test.each([1, 400, 10_000])(
  "the first bytes of a deployment of %i columns have what the workflows need",
  (columns) => {
    expect(factsIn(deploymentToJson(deployment(columns)))).toEqual(facts);
  },
);

test("the longest possible values fit into the first bytes", () => {
  expect(Buffer.byteLength(deploymentToJson(deployment(1)).split("\n")[0] ?? "")).toBeLessThan(factBytes / 2);
});

test("values that do not fit into the first bytes are refused", () => {
  const long = { ...deployment(1), pipeline: { ...facts, timeZone: "x".repeat(factBytes) } };
  expect(() => deploymentToJson(long)).toThrow(
    "data set orders: 1 fault\n  - pipeline: has more than 2048 bytes",
  );
});

test.each([
  ["{", "data set without an id: 1 fault\n  - specification: is not valid JSON"],
  ["[]", 'specification: is missing; the object must have the field "specification"'],
  [specToJson(orders(1)), 'specification: is missing; the object must have the field "specification"'],
  [
    '{"specification":{"id":"orders"}}',
    "data set orders: 1 fault\n  - version: the specification has no version",
  ],
])("%s is not read as a deployment", (text, message) => {
  expect(() => specFromDeployment(text)).toThrow(message);
});

test("the name of an object leads back to the id of its data set", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z][a-z0-9_]{0,39}$/), (id) => {
      expect(deployedDataset(deploymentName(id))).toBe(id);
    }),
  );
  for (const name of ["orders.txt", "a/orders.json", ".json", "Orders.json"])
    expect(deployedDataset(name)).toBeUndefined();
});
