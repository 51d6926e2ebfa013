import { Period, successPath, successTemplate } from "../../dataset";
import { type Freshness, freshnessDefinition } from "../../workflows/freshness";
import { httpError, raised, type Raised } from "../support/workflows/errors";
import { workflowFaults } from "../support/workflows/faults";
import { run, type World } from "../support/workflows/run";
import { daily, raisedBy } from "./support";

const check: Freshness = {
  dataset: "trips",
  bucket: "my-lake",
  marker: "manifests/trips/year={year}/month={month}/_SUCCESS",
  periods: { grain: "month", first: "2019-01", behind: 3, timeZone: "America/New_York" },
  latenessSeconds: 2 * 86_400,
};
const monthlyCheck = freshnessDefinition(check);

/** The objects of a bucket at a time. */
function lake(objects: readonly string[], at: string): World & { readonly looked: string[] } {
  const looked: string[] = [];
  return {
    now: Date.parse(at) / 1000,
    logs: [],
    looked,
    http: (_, url) => {
      const path = decodeURIComponent(
        url.replace("https://storage.googleapis.com/storage/v1/b/my-lake/o/", ""),
      );
      looked.push(path);
      if (!objects.includes(path)) throw httpError(404, "not found");
      return { name: path };
    },
  };
}

test.each([
  ["monthly", "month"],
  ["daily", "day"],
] as const)("the freshness check of a %s data set is accepted by a deployment", (_, grain) => {
  const periods = grain === "month" ? check.periods : daily.periods;
  if (periods.grain === "once") throw new Error("a data set with one period has no check");
  const definition = freshnessDefinition({ ...check, periods, marker: successTemplate("trips", grain) });
  expect(workflowFaults(definition)).toEqual([]);
});

test("the freshness check passes when the period that is due is in the lake", () => {
  const marker = "manifests/trips/year=2026/month=08/_SUCCESS";
  expect(run(monthlyCheck, null, lake([marker], "2026-11-20T00:00:00Z"))).toBe("2026-08");
});

test("the freshness check does not expect a new period before its deadline", () => {
  const before = "manifests/trips/year=2026/month=07/_SUCCESS";
  expect(run(monthlyCheck, null, lake([before], "2026-11-03T03:00:00Z"))).toBe("2026-07");
  expect(raisedBy(() => run(monthlyCheck, null, lake([before], "2026-11-03T06:00:00Z")))).toBe(
    "trips: period 2026-08 is due and not in the lake (manifests/trips/year=2026/month=08/_SUCCESS)",
  );
});

test("the freshness check stops at the last period of a data set", () => {
  const ended = freshnessDefinition({ ...check, periods: { ...check.periods, last: "2020-12" } });
  const marker = "manifests/trips/year=2020/month=12/_SUCCESS";
  expect(run(ended, null, lake([marker], "2026-11-20T00:00:00Z"))).toBe("2020-12");
});

test("the freshness check passes before the first period is due", () => {
  const world = lake([], "2019-03-20T00:00:00Z");
  expect(run(monthlyCheck, null, world)).toBe("no period is due yet");
  expect(world.looked).toEqual([]);
});

test.each([
  ["month", "2026-08", "2026-11-20T00:00:00Z", { ...check.periods }],
  ["day", "2026-11-17", "2026-11-20T12:00:00Z", { ...daily.periods }],
] as const)(
  "the freshness check looks where the job writes the marker of a %s",
  (grain, label, at, periods) => {
    if (periods.grain === "once") throw new Error("a data set with one period has no check");
    const definition = freshnessDefinition({ ...check, periods, marker: successTemplate("trips", grain) });
    const marker = successPath("trips", Period.parse(grain, label));
    expect(run(definition, null, lake([marker], at))).toBe(label);
  },
);

test.each<readonly [string, Raised]>([
  ["status 403", httpError(403, "forbidden")],
  ["a timeout", raised("TimeoutError", "timed out")],
])(
  "the freshness check reports that it could not look, rather than that the period is missing: %s",
  (_, error) => {
    const world: World = {
      now: Date.parse("2026-11-20T00:00:00Z") / 1000,
      logs: [],
      http: () => {
        throw error;
      },
    };
    expect(raisedBy(() => run(monthlyCheck, null, world))).toEqual(error.value);
    expect(world.logs).toMatchObject([{ severity: "ERROR", json: { period: "2026-08" } }]);
  },
);
