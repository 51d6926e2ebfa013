import { stepNames } from "../../../job/records";
import type { ReportData } from "../../../tour/report/data";

/** Data of a report with round numbers, in the format of a run on one machine. */
export function sampleData(changes: Partial<ReportData> = {}): ReportData {
  const periods = ["2019-01", "2019-02", "2019-03"];
  const first = Date.parse("2019-01-01");
  return {
    writtenAt: "2020-05-06T07:08:09.000Z",
    checks: [
      { name: "All generated rows were read", holds: true, detail: "2019-01: 1,000 generated, 1,000 read" },
      {
        name: "Exactly the invalid rows were rejected",
        holds: true,
        detail: "2019-01: 5 invalid, 5 rejected",
      },
    ],
    periods: periods.map((period) => ({
      period,
      source: 1_000,
      rejected: 5,
      parquet: 995,
      warehouse: 995,
      database: 995,
      sourceBytes: 2_000_000,
      parquetBytes: 1_500_000,
    })),
    steps: periods.flatMap((period, month) =>
      stepNames.map((step, index) => ({ period, step, start: month * 2 + index * 0.3, seconds: 0.25 })),
    ),
    answers: {
      months: periods.map((month) => ({ month, trips: 995, revenue: 19_900, miles: 3.25, outside: 2 })),
      zones: [
        { zone: "JFK Airport", borough: "Queens", trips: 400, revenue: 21_000 },
        { zone: "Times Sq/Theatre District", borough: "Manhattan", trips: 900, revenue: 14_000 },
        { zone: "Long Island City/Hunters Point", borough: "Queens", trips: 20, revenue: 400 },
      ],
      payments: [
        { payment: "Credit card", trips: 2_388, revenue: 47_760, tip_share: 0.2 },
        { payment: "Cash", trips: 597, revenue: 11_940, tip_share: null },
      ],
      days: Array.from({ length: 90 }, (_, day) => ({
        day: new Date(first + day * 86_400_000).toISOString().slice(0, 10),
        trips: 20 + (day % 7) * 4,
        revenue: 400 + day,
      })),
      hours: Array.from({ length: 168 }, (_, index) => ({
        weekday: 1 + Math.floor(index / 24),
        hour: index % 24,
        trips: 1 + (index % 24),
      })),
    },
    questions: {
      months: "SELECT 1",
      zones: 'SELECT "Zone" FROM zones WHERE 1 < 2',
      payments: "SELECT 3",
      days: "SELECT 4",
      hours: "SELECT 5",
    },
    rejects: periods.flatMap((period) =>
      Array.from({ length: 5 }, (_, index) => ({
        period,
        line: 1_000 * index + 12,
        column: index === 0 ? null : "passenger_count",
        reason: index === 0 ? "has fewer than 18 fields" : '"two" cannot be read as BIGINT',
        raw: "2,2019-01-15 03:36:12,2019-01-15 03:42:19,two,1.0,1,N,230,48,1,6.5,0.5,0.5,1.95,0.0,0.3,9.75,",
      })),
    ),
    places: [{ what: "Report", path: ".tributary/report/index.html" }],
    next: [{ what: "Query the warehouse", command: "npm run ask -- 'SELECT 1'" }],
    ...changes,
  };
}
