import { laptopCatalog } from "../../airflow/driver/laptop-catalog";
import { main } from "../../airflow/driver/cli";
import { parametersOf } from "../../airflow/driver/dag-test";
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

test("a data set that does not exist is refused before anything is installed", async () => {
  const written: string[] = [];
  const spy = jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    expect(await main(["test", "no_such_data"])).toBe(1);
  } finally {
    spy.mockRestore();
  }
  expect(written.join("")).toContain('data set "no_such_data" does not exist; available: ');
});

test("the parameters of a run: one period is a range of one; what is not given is left to the DAG", () => {
  const month = { grain: "month" } as const;
  expect(parametersOf(month, { period: "2019-01" })).toEqual({ from: "2019-01", to: "2019-01" });
  expect(parametersOf(month, { from: "2019-01", force: true })).toEqual({ from: "2019-01", force: true });
  expect(parametersOf({ grain: "once" }, { period: "once", source: "x.csv" })).toEqual({ source: "x.csv" });
  expect(() => parametersOf(month, { period: "2019-1" })).toThrow(
    '--period: period "2019-1" is not a valid month',
  );
  expect(() => parametersOf(month, { period: "2019-01", to: "2019-02" })).toThrow(
    "--period cannot be combined",
  );
});
