import { laptopCatalog } from "../../airflow/driver/laptop-catalog";
import { main } from "../../airflow/driver/cli";
import { loadCatalog } from "../fixtures/catalog";
import { dagCatalogToJson } from "../../dataset";
import { Home } from "../../job/home";

const specs = [...loadCatalog().values()];
const catalog = laptopCatalog(specs, new Home("/tmp/home"), false);

test("on a laptop, tasks run the programs of this project with the home", () => {
  expect(catalog.place).toMatchObject({
    kind: "laptop",
    folder: process.cwd(),
    ingest: [process.execPath, "scripts/run.mjs", "job/main.ts"],
    options: ["--home", "/tmp/home"],
    transform: expect.arrayContaining(["transform/driver/main.ts", "build", "/tmp/home"]) as unknown,
  });
});

test("each data set has a DAG with its schedule in five fields; a retired one has none", () => {
  expect(catalog.datasets.map(({ id }) => id)).toEqual(specs.map(({ id }) => id));
  for (const { schedule } of catalog.datasets)
    if (schedule !== null) expect(schedule.cron).toMatch(/^\S+( \S+){4}$/);
  const [first] = catalog.datasets;
  if (first === undefined) throw new Error("the catalog is empty");
  const retired = { ...first, pipeline: { ...first.pipeline, retired: true } };
  const json = dagCatalogToJson({ ...catalog, datasets: [retired] });
  expect(JSON.parse(json)).toMatchObject({ datasets: [], exitCodes: { length: 6 } });
});

test.each([
  [["test", "trips"], 'data set "trips" does not exist; available: '],
  [["test", "yellow_tripdata", "--period", "2019-1"], '--period: period "2019-1" is not a valid month'],
  [["test", "yellow_tripdata", "--period", "2019-01", "--to", "2019-02"], "--period cannot be combined"],
])("npm run airflow -- %j is refused before anything is installed", async (args, message) => {
  const written: string[] = [];
  const spy = jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    expect(await main(args)).toBe(1);
  } finally {
    spy.mockRestore();
  }
  expect(written.join("")).toContain(message);
});
