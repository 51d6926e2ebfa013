import { type Column, defineDataset, type Source, specDigest, specFromJson, specToJson } from "../../dataset";

const day: Column = { name: "day", type: "DATE", description: "x" };

function specOf(source: Partial<Source>, column: Partial<Column> = {}) {
  return defineDataset({
    id: "orders",
    description: "x",
    source: { url: "x.csv", format: "csv", ...source },
    grain: "once",
    columns: [{ ...day, ...column }],
  });
}

test.each<[Partial<Source>, Partial<Column>, string]>([
  [{ decimal: ",", thousands: "," }, {}, 'source.thousands: must differ from source.decimal, ","'],
  [{ thousands: "." }, {}, "source.thousands: must differ"],
  [{ comment: '"' }, {}, "source.comment: must not begin with the quote"],
  [{ comment: "" }, {}, 'source.comment: "" must have from 1 to 10'],
  [{ skipLines: -1 }, {}, "source.skipLines: -1 must be an integer from 0 to 10000"],
  [{ timeZone: "Berlin" }, {}, 'source.timeZone: "Berlin" is not a valid time zone'],
  [{ dateFormat: "%d.%m" }, {}, 'source.dateFormat: "%d.%m" must have the year once (%Y or %y)'],
  [{ dateFormat: "%d.%m.%Y %H" }, {}, "must not have a time"],
  [{ dateFormat: "%e.%m.%Y" }, {}, '"%e" is not supported; use %Y %y %m'],
  [{ dateTimeFormat: "%d.%m.%Y %I:%M" }, {}, "must have %I and %p, or neither"],
  [{ dateTimeFormat: "%d.%m.%Y %S" }, {}, "must have the parts before the one that it has"],
  [{ dateTimeFormat: "%d.%m.%Y %H:%M%z" }, { type: "DATETIME" }, "DATETIME has no offset"],
  [{}, { format: "%d.%m.%Y", type: "STRING" }, "columns.day.format:"],
  [{}, { path: "$.a" }, "columns.day.path: is only for jsonl"],
  [{ format: "jsonl" }, { path: "a.b" }, '"a.b" is not a valid path: it must begin with $ and a key'],
  [{ format: "jsonl" }, { path: "$.a[x]" }, '"[x]" cannot be read'],
  [{ format: "jsonl", comment: "#" }, {}, 'source.comment: is only for csv, but source.format is "jsonl"'],
  [{ format: "parquet", encoding: "utf-16" }, {}, "source.encoding: is only for csv and jsonl"],
  [{ ignore: ["DAY "] }, {}, 'source.ignore: "DAY " is the column day'],
])("%j %j is not valid", (source, column, message) => {
  expect(() => specOf(source, column)).toThrow(message);
});

test("columns cannot have the name of those that the platform adds", () => {
  expect(() => specOf({}, { name: "_extra" })).toThrow("is a reserved name");
});

test("the engine bigquery supports only the standard form", () => {
  const props = {
    id: "orders",
    description: "x",
    source: { url: "x.csv", format: "csv", decimal: ",", compression: "zip" },
    grain: "once",
    columns: [{ ...day, format: "%d.%m.%Y" }],
    engine: "bigquery",
  } as const;
  expect(() => defineDataset(props)).toThrow(
    /3 faults[^]*source\.decimal: is not supported by the engine bigquery[^]*source\.compression[^]*columns\.day\.format/,
  );
});

test("a specification keeps its digest if it does not use the new properties, and has another one if it does", () => {
  const plain = specOf({});
  expect(JSON.parse(specToJson(plain))).toMatchObject({
    source: {
      url: "x.csv",
      format: "csv",
      compression: "none",
      nullValues: [""],
      delimiter: ",",
      quote: '"',
    },
  });
  expect(specDigest(plain)).toBe("53fb39378981");
  const digests = [
    plain,
    specOf({ dateFormat: "%d.%m.%Y" }),
    specOf({}, { format: "%d.%m.%Y" }),
    specOf({ encoding: "latin1" }),
    specOf({ extra: "ignore" }),
  ].map(specDigest);
  expect(new Set(digests).size).toBe(digests.length);
});

test("all properties are unchanged after a round trip through JSON", () => {
  const spec = specOf({
    encoding: "utf-16",
    comment: "#",
    skipLines: 2,
    decimal: ",",
    thousands: " ",
    dateFormat: "%d.%m.%Y",
    timeZone: "Europe/Berlin",
    ignore: ["email"],
    extra: "json",
  });
  expect(specFromJson(specToJson(spec))).toEqual(spec);
});
