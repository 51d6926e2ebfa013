import { Period, type PipelineFacts, successPath, successTemplate } from "../../dataset";
import type { WorkflowValue } from "../../constructs/workflow-source";
import { freshnessDefinition } from "../../workflows/freshness";
import { httpError, raised, type Raised } from "../support/workflows/errors";
import { workflowFaults } from "../support/workflows/faults";
import { run, type World } from "../support/workflows/run";
import { cloud, daily, monthly, raisedBy, whole } from "./support";

const check = freshnessDefinition({ specifications: "my-specifications", lake: "my-lake" });
const august = "manifests/trips/year=2026/month=08/_SUCCESS";

/** Buckets of specifications and of the lake at a time. */
function buckets(
  datasets: Readonly<Record<string, PipelineFacts>>,
  objects: readonly string[],
  at: string,
): World & { readonly looked: string[] } {
  const looked: string[] = [];
  const { http } = cloud({ datasets });
  const names = [...Object.keys(datasets).map((id) => `${id}.json`), "README"];
  return {
    now: Date.parse(at) / 1000,
    logs: [],
    looked,
    http: (method, url, body, headers): WorkflowValue => {
      if (url.includes("/my-specifications/o?")) {
        const { searchParams } = new URL(url);
        const start = Number(searchParams.get("pageToken") || 0);
        const end = start + Number(searchParams.get("maxResults"));
        return {
          // The API omits the list if it is empty.
          ...(names.length > start && { items: names.slice(start, end).map((name) => ({ name })) }),
          ...(names.length > end && { nextPageToken: String(end) }),
        };
      }
      if (!url.includes("/my-lake/")) return http(method, url, body, headers);
      const path = decodeURIComponent(
        url.replace("https://storage.googleapis.com/storage/v1/b/my-lake/o/", ""),
      );
      looked.push(path);
      if (!objects.includes(path)) throw httpError(404, "not found");
      return { name: path };
    },
  };
}

test("the freshness check is accepted by a deployment", () => {
  expect(workflowFaults(check)).toEqual([]);
});

test("the freshness check passes when the periods that are due are in the lake", () => {
  const trips = { trips: monthly, zones: whole };
  expect(run(check, null, buckets(trips, [august], "2026-11-20T00:00:00Z"))).toEqual({ checked: 2 });
  expect(run(check, null, buckets({}, [], "2026-11-20T00:00:00Z"))).toEqual({ checked: 0 });
});

test("the freshness check gives a new period the time that it may take", () => {
  const before = "manifests/trips/year=2026/month=07/_SUCCESS";
  const at = (time: string) => buckets({ trips: monthly }, [before], time);
  expect(run(check, null, at("2026-11-03T03:00:00Z"))).toEqual({ checked: 1 });
  expect(raisedBy(() => run(check, null, at("2026-11-03T06:00:00Z")))).toMatchObject({
    message: `1 of 1 data sets are overdue: trips: period 2026-08 is due and not in the lake (${august})`,
    overdue: [{ dataset: "trips" }],
  });
});

test("the freshness check looks for the last period of a data set that has ended", () => {
  const world = buckets({ trips: { ...monthly, last: "2020-12" } }, [], "2026-11-20T00:00:00Z");
  raisedBy(() => run(check, null, world));
  expect(world.looked).toEqual(["manifests/trips/year=2020/month=12/_SUCCESS"]);
});

test.each([
  ["before the first period is due", monthly, "2019-03-20T00:00:00Z"],
  ["of a data set that is retired", { ...monthly, retired: true }, "2026-11-20T00:00:00Z"],
  ["of a data set without a schedule", { ...monthly, latenessSeconds: null }, "2026-11-20T00:00:00Z"],
  ["of a data set that is ingested whole", whole, "2026-11-20T00:00:00Z"],
])("the freshness check looks for nothing %s", (_, facts, at) => {
  const world = buckets({ trips: facts }, [], at);
  expect(run(check, null, world)).toEqual({ checked: 1 });
  expect(world.looked).toEqual([]);
});

test.each([
  ["month", monthly, "2026-08", "2026-11-20T00:00:00Z"],
  ["day", daily, "2026-11-17", "2026-11-20T12:00:00Z"],
] as const)(
  "the freshness check looks where the job writes the marker of a %s",
  (grain, facts, label, at) => {
    const marker = successPath("trips", Period.parse(grain, label));
    expect(successTemplate("trips", grain)).toBe(facts.marker);
    expect(run(check, null, buckets({ trips: facts }, [marker], at))).toEqual({ checked: 1 });
  },
);

test.each<readonly [string, Raised]>([
  ["status 403", httpError(403, "forbidden")],
  ["a timeout", raised("TimeoutError", "timed out")],
])(
  "the freshness check reports that it could not look, rather than that the period is missing: %s",
  (_, error) => {
    const world = buckets({ trips: monthly, other: monthly }, [], "2026-11-20T00:00:00Z");
    const { http } = world;
    const failing: World = {
      ...world,
      http: (...request) => {
        if (request[1].includes("my-lake") && request[1].includes("trips")) throw error;
        return http(...request);
      },
    };
    expect(raisedBy(() => run(check, null, failing))).toMatchObject({
      message: "2 of 2 data sets are overdue: trips: period 2026-08 cannot be looked for in the lake",
      overdue: [{ error: error.value }, {}],
    });
    expect(world.logs).toMatchObject([
      { severity: "ERROR", json: { object: "trips.json" } },
      { severity: "ERROR", json: { object: "other.json" } },
    ]);
  },
);

test("the freshness check of a thousand data sets, all overdue, stays within the limits of an execution", () => {
  const ids = Array.from({ length: 1000 }, (_, index) => `data_set_with_a_rather_long_name_${index}`);
  // The simulator raises an error for an execution that exceeds a limit.
  const none = buckets(Object.fromEntries(ids.map((id) => [id, monthly])), [], "2026-11-20T00:00:00Z");
  expect(raisedBy(() => run(check, null, none))).toMatchObject({
    message: expect.stringContaining("1000 of 1000 data sets are overdue") as string,
    overdue: { length: 100 },
  });
});
