import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Period, tableColumns } from "../../dataset";
import { yellow } from "../fixtures/catalog";
import { header, monthFile, samplePeriods } from "../../tour/sample/month";
import { seededRandom, weightedIndex } from "../../tour/sample/random";
import { writeMonth, writeZones } from "../../tour/sample/write";
import { zones } from "../../tour/sample/zones";

const day = String.raw`(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:[0-2]\d|3[01]) \d\d:\d\d:\d\d`;
const amount = String.raw`-?\d*\.\d+`;
const goodForm = new RegExp(
  `^[12],${day},${day},[0-6],${amount},[1-6],[YN](?:,\\d+){3}(?:,${amount}){7},(?:${amount})?$`,
);

const months = new Map(samplePeriods.map((period) => [period.label, read(period)]));

test("header is that of the TLC, and the data set has all of its columns", () => {
  expect(header.join(",")).toBe(
    "VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,passenger_count,trip_distance,RatecodeID," +
      "store_and_fwd_flag,PULocationID,DOLocationID,payment_type,fare_amount,extra,mta_tax,tip_amount," +
      "tolls_amount,improvement_surcharge,total_amount,congestion_surcharge",
  );
  const names = tableColumns(yellow).map((column) => column.name);
  expect(header.filter((name) => !names.includes(name))).toEqual([]);
});

test("monthFile is deterministic, and months differ", () => {
  const digest = (text: string) => createHash("sha256").update(text).digest("hex");
  const digests = samplePeriods.map((period) => digest(month(period.label).text));
  expect(digest(read(Period.parse("month", "2019-03")).text)).toBe(digests[2]);
  expect(new Set(digests).size).toBe(3);
});

// One month for all: the same code generates each.
describe.each(["2019-02"])("sample of %s", (label) => {
  const { lines, counts, text } = month(label);
  const good = lines.filter((line) => isGood(line)).map((line) => line.split(","));

  test("returns the number of rows and of invalid rows", () => {
    expect(counts.rows).toBe(lines.length);
    expect(counts.bad).toBe(lines.length - good.length);
    expect(counts.rows).toBeGreaterThan(60_000);
    expect(counts.rows).toBeLessThan(120_000);
    expect(counts.bad).toBeGreaterThanOrEqual(24);
    expect(counts.bad).toBeLessThan(60);
  });

  test("ends every line with CRLF", () => {
    expect(text.match(/(?<!\r)\n/g)).toBeNull();
    expect(text.endsWith("\r\n")).toBe(true);
  });

  test("has the irregularities of real files", () => {
    const outside = good.filter((row) => !field(row, "tpep_pickup_datetime").startsWith(label));
    expect(outside.length).toBeGreaterThan(3);
    expect(outside.length).toBeLessThan(40);
    expect(good.filter((row) => Number(field(row, "fare_amount")) < 0).length).toBeGreaterThan(50);
    expect(good.filter((row) => field(row, "passenger_count") === "0").length).toBeGreaterThan(500);
  });

  test("has a total for each trip that is the sum of its amounts", () => {
    const parts = header.slice(header.indexOf("fare_amount"), header.indexOf("total_amount"));
    const sum = (row: readonly string[]) =>
      [...parts, "congestion_surcharge" as const].reduce(
        (total, name) => total + Number(field(row, name)),
        0,
      );
    const wrong = good.filter((row) => Math.abs(sum(row) - Number(field(row, "total_amount"))) > 0.001);
    expect(wrong).toEqual([]);
  });

  test("contains only zones of the zone table", () => {
    const ids = new Set(zones.map((zone) => String(zone.id)));
    const used = good.flatMap((row) => [field(row, "PULocationID"), field(row, "DOLocationID")]);
    expect([...new Set(used)].filter((id) => !ids.has(id))).toEqual([]);
  });

  test("has the demand pattern of a week: offices by day, nightlife on Friday", () => {
    const counts = new Map<string, number>();
    for (const row of good) {
      const pickup = new Date(`${field(row, "tpep_pickup_datetime").replace(" ", "T")}Z`);
      const key = `${pickup.getUTCDay()} ${pickup.getUTCHours()}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const trips = (days: readonly number[], hour: number) =>
      days.reduce((sum, day) => sum + (counts.get(`${day} ${hour}`) ?? 0), 0) / days.length;
    const [workdays, weekend] = [
      [1, 2, 3, 4],
      [0, 6],
    ];
    expect(trips(workdays, 8)).toBeGreaterThan(1.5 * trips(weekend, 8));
    expect(trips(weekend, 2)).toBeGreaterThan(3 * trips(workdays, 2));
    expect(trips(workdays, 18)).toBeGreaterThan(8 * trips(workdays, 4));
  });
});

test("sample months have different irregularities: no surcharge, a blank second line, `.00`", () => {
  const column = (label: string, name: (typeof header)[number]) =>
    new Set(
      month(label)
        .lines.filter(isGood)
        .map((line) => field(line.split(","), name)),
    );
  expect(column("2019-01", "congestion_surcharge")).toEqual(new Set([""]));
  expect(column("2019-02", "congestion_surcharge")).toEqual(new Set(["2.5", "0.0", "-2.5"]));
  expect(column("2019-03", "congestion_surcharge")).toEqual(new Set(["2.50", ".00", "-2.50"]));
  expect(month("2019-02").text.split("\r\n")[1]).toBe("");
  expect(month("2019-01").text.split("\r\n")[1]).not.toBe("");
});

test("writeMonth writes the text of the month and returns its size and sha256", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tributary-sample-"));
  try {
    const file = await writeMonth(folder, Period.parse("month", "2019-02"));
    const bytes = readFileSync(join(folder, file.name));
    expect(file).toEqual({
      name: "yellow_tripdata_2019-02.csv.gz",
      bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      ...month("2019-02").counts,
    });
    expect(gunzipSync(bytes).toString()).toBe(month("2019-02").text);

    const table = await writeZones(folder);
    const rows = readFileSync(join(folder, table.name), "utf8").trimEnd().split("\r\n");
    expect(rows[0]).toBe('"LocationID","Borough","Zone","service_zone"');
    expect(rows).toHaveLength(table.rows + 1);
    expect(rows).toContain('132,"Queens","JFK Airport","Airports"');
    expect(new Set(rows.map((row) => row.split(",")[0])).size).toBe(rows.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("weightedIndex follows the weights", () => {
  const random = seededRandom(7);
  const draw = weightedIndex([1, 0, 3]);
  const drawn = Array.from({ length: 8_000 }, () => draw(random));
  const count = (index: number) => drawn.filter((value) => value === index).length;
  expect(count(1)).toBe(0);
  expect(count(2) / count(0)).toBeGreaterThan(2.7);
  expect(count(2) / count(0)).toBeLessThan(3.3);
  const bells = Array.from({ length: 8_000 }, () => random.bell());
  const mean = bells.reduce((sum, value) => sum + value, 0) / bells.length;
  const variance = bells.reduce((sum, value) => sum + (value - mean) ** 2, 0) / bells.length;
  expect(Math.abs(mean)).toBeLessThan(0.05);
  expect(Math.abs(variance - 1)).toBeLessThan(0.06);
});

function month(label: string) {
  const found = months.get(label);
  if (found === undefined) throw new Error(`the sample has no month ${label}`);
  return found;
}

function read(period: Period) {
  const pieces = monthFile(period);
  let text = "";
  for (;;) {
    const piece = pieces.next();
    if (piece.done === true) {
      const lines = text
        .split("\r\n")
        .slice(1)
        .filter((line) => line !== "");
      return { text, lines, counts: piece.value };
    }
    text += piece.value;
  }
}

/** Checks the format of the fields only, independently of the generator. */
function isGood(line: string): boolean {
  return goodForm.test(line);
}

function field(row: readonly string[], name: (typeof header)[number]): string {
  return row[header.indexOf(name)] ?? "";
}
