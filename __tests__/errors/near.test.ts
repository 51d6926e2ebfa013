import { allValues, loadFiles } from "../../errors/loaded-files";
import { ConfigurationError } from "../../errors/faults";
import { nearest, suggestion } from "../../errors/near";

test.each([
  ["cvs", ["csv", "parquet"], "csv"],
  ["nulValues", ["nullValues", "quote"], "nullValues"],
  ["Month", ["day", "month"], "month"],
  ["banana", ["csv", "parquet"], undefined],
])("nearest %s of %j is %s", (name, known, expected) => {
  expect(nearest(name, known)).toBe(expected);
});

test("suggestion is empty if nothing is near", () => {
  expect(suggestion("cvs", ["csv"])).toBe('; did you mean "csv"?');
  expect(suggestion("banana", ["csv"])).toBe("");
});

test("a broken file does not affect the others, and all faults are in one message", () => {
  const load = (name: string) => {
    if (name === "b") throw new ConfigurationError("catalog/b.ts", ["id: is missing"]);
    if (name === "c") throw new Error("catalog/c.ts:3:1: Unexpected token");
    return name;
  };
  const loaded = loadFiles(["c", "b", "a"], load);
  expect([...loaded.values]).toEqual([["a", "a"]]);
  expect([...loaded.broken.keys()]).toEqual(["b", "c"]);
  expect(() => allValues("catalog", loaded)).toThrow(
    "catalog: 2 faults\n  - catalog/b.ts: id: is missing\n  - catalog/c.ts:3:1: Unexpected token",
  );
});
