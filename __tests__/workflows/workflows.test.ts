import { backfillDefinition } from "../../workflows/backfill";
import { freshnessDefinition } from "../../workflows/freshness";
import { type Pipeline, pipelineDefinition } from "../../workflows/pipeline";
import type { WorkflowSource, WorkflowValue } from "../../constructs/workflow-source";
import { workflowFaults } from "../support/workflow-faults";
import { Raised, run, type World } from "../support/workflow-run";

const monthly: Pipeline = {
  dataset: "trips",
  job: { project: "my-project", location: "europe-west6", name: "dev-ingest-trips" },
  periods: { grain: "month", first: "2019-01", behind: 3, timeZone: "America/New_York" },
  parallelPeriods: 3,
};
const daily: Pipeline = {
  ...monthly,
  periods: { grain: "day", first: "2019-01-01", last: "2026-12-31", behind: 1, timeZone: "America/New_York" },
};
const copied: Pipeline = { ...monthly, transferJob: "dev-trips" };
const whole: Pipeline = { ...monthly, periods: { grain: "once" } };
const backfill = backfillDefinition({
  project: "my-project",
  location: "europe-west6",
  pipelineName: (variable, leading) => `"${leading}dev-ingest-" + text.replace_all(${variable}, "_", "-")`,
  parallelDatasets: 4,
});
const fresh = freshnessDefinition({
  dataset: "trips",
  bucket: "my-lake",
  marker: "manifests/trips/year={year}/month={month}/_SUCCESS",
  periods: { grain: "month", first: "2019-01", behind: 3, timeZone: "America/New_York" },
  latenessSeconds: 2 * 86_400,
});

const programs: Readonly<Record<string, WorkflowSource>> = {
  monthly: pipelineDefinition(monthly),
  daily: pipelineDefinition(daily),
  copied: pipelineDefinition(copied),
  once: pipelineDefinition(whole),
  fresh,
  backfill,
};

test.each(Object.entries(programs))("%s: Workflows would take it", (_, source) => {
  expect(workflowFaults(source)).toEqual([]);
});

test("the check finds what Workflows would refuse", () => {
  const broken: WorkflowSource = {
    main: {
      params: ["args"],
      steps: [
        { one: { call: "http.get", args: { uri: "https://example.com" }, result: "seen" } },
        { two: { switch: [{ condition: "${seen.body.done ==}", next: "nowhere" }] } },
        { three: { call: "other", args: {} } },
        { four: { return: "${text.upper(missing)}" } },
        { five: { assign: [{ five: 5 }], raise: "no" } },
      ],
    },
    crowd: {
      params: ["names"],
      steps: [
        { begin: { assign: [{ all: [] }, { last: "" }] } },
        {
          each: {
            parallel: {
              shared: ["all"],
              for: {
                value: "name",
                in: "${names}",
                steps: [
                  { keep: { assign: [{ all: "${list.concat(all, name)}" }, { last: "${name}" }] } },
                  { leave: { return: "${name}" } },
                ],
              },
            },
          },
        },
        { look: { try: { call: "http.get", args: { url: "u" } }, retry: { max_retries: 3 } } },
      ],
    },
    other: { params: ["period"], steps: [{ end_it: { return: "a ${period}" } }] },
  };
  expect(workflowFaults(broken)).toEqual([
    "main: step five is never reached",
    "main: step two: there is no step nowhere beside it",
    "main: step one: http.get takes no argument uri",
    "main: step three: other needs the argument period",
    "main: step five: must do one thing, does assign, raise",
    "main: step two: expected more but found the end in: seen.body.done ==",
    "main: step four: there is no function text.upper",
    "main: step four: there is no variable missing",
    "crowd: step each: last is written in parallel and not shared",
    "crowd: step leave: nothing returns from within a parallel step",
    'crowd: step look: there is no policy {"max_retries":3}',
    "other: step end_it: text around an expression: a ${period}",
  ]);
});

interface Transfers {
  /** How a run of the transfer job ends. */
  readonly status: "SUCCESS" | "FAILED";
  /** How often the job is found running already. */
  readonly busy: number;
}

/** A Cloud Run job whose executions end with the exit codes given, one after the other; then with 0. */
function cloud(
  exitCodes: readonly number[] = [],
  at = "2026-11-02T11:00:00Z",
  transfers: Transfers = { status: "SUCCESS", busy: 0 },
) {
  const started: string[] = [];
  const sleeps = new Map<string, number>();
  let busy = transfers.busy;
  const world: World & { readonly started: string[] } = {
    now: Date.parse(at) / 1000,
    logs: [],
    started,
    http: (method, url, body): WorkflowValue => {
      if (method === "post" && url.endsWith("/jobs/dev-ingest-trips:run")) {
        started.push(JSON.stringify(body).replace(/.*"args":\["run","--period","([^"]+)"\].*/, "$1"));
        return { metadata: { name: `executions/${started.length}` } };
      }
      if (method === "post" && url.endsWith("/transferJobs/dev-trips:run")) {
        if (busy > 0) {
          busy -= 1;
          throw new Raised({ code: 400, message: "it is running already" });
        }
        started.push("transfer");
        return { name: "transferOperations/1" };
      }
      if (url.includes("/transferJobs/dev-trips?")) return { latestOperationName: "transferOperations/0" };
      const number = Number(/executions\/(\d+)/.exec(url)?.[1]);
      const code = exitCodes[number - 1] ?? 0;
      if (url.endsWith("/tasks"))
        return { tasks: [code === 0 ? {} : { lastAttemptResult: { exitCode: code } }] };
      const looks = (sleeps.get(url) ?? 0) + 1;
      sleeps.set(url, looks);
      if (looks < 3) return { name: url };
      if (url.includes("transferOperations")) {
        if (url.endsWith("0")) started.push("waited");
        return { done: true, metadata: { status: transfers.status } };
      }
      return { completionTime: "later", ...(code === 0 ? { succeededCount: 1 } : { failedCount: 1 }) };
    },
  };
  return world;
}

function raised(program: () => WorkflowValue): WorkflowValue {
  try {
    program();
  } catch (error) {
    if (error instanceof Raised) return error.value;
    throw error;
  }
  throw new Error("nothing was raised");
}

describe("the pipeline", () => {
  test("without arguments it ingests the period that is due: now, minus what the source is behind", () => {
    const world = cloud();
    run(pipelineDefinition(monthly), {}, world);
    expect(world.started).toEqual(["2026-08"]);
  });

  test("what day it is, the data set's clocks say", () => {
    const late = "2026-11-01T02:00:00Z";
    const inNewYork = cloud([], late);
    run(pipelineDefinition(monthly), null, inNewYork);
    expect(inNewYork.started).toEqual(["2026-07"]);
    const days = cloud([], late);
    run(pipelineDefinition(daily), null, days);
    expect(days.started).toEqual(["2026-10-30"]);
  });

  test("from and to make a backfill, over the turn of a year, within the data set's own periods", () => {
    const world = cloud();
    run(pipelineDefinition(monthly), { from: "2018-06", to: "2019-02" }, world);
    expect(world.started).toEqual(["2019-01", "2019-02"]);
    const days = cloud();
    run(pipelineDefinition(daily), { from: "2020-02-28", to: "2020-03-01" }, days);
    expect(days.started).toEqual(["2020-02-28", "2020-02-29", "2020-03-01"]);
    const turn = cloud();
    run(pipelineDefinition(monthly), { from: "2019-11", to: "2020-02" }, turn);
    expect(turn.started).toEqual(["2019-11", "2019-12", "2020-01", "2020-02"]);
  });

  test("from without to goes on to what is due; to without from is that period alone", () => {
    const open = cloud();
    run(pipelineDefinition(monthly), { from: "2026-07" }, open);
    expect(open.started).toEqual(["2026-07", "2026-08"]);
    const one = cloud();
    run(pipelineDefinition(monthly), { to: "2020-05" }, one);
    expect(one.started).toEqual(["2020-05"]);
  });

  test("after the last period nothing is due, and nothing is started", () => {
    const world = cloud([], "2027-06-01T12:00:00Z");
    run(pipelineDefinition(daily), {}, world);
    expect(world.started).toEqual([]);
  });

  test("a data set ingested whole has one period", () => {
    const world = cloud();
    run(pipelineDefinition(whole), {}, world);
    expect(world.started).toEqual(["once"]);
  });

  test("the files are transferred before anything is ingested", () => {
    const world = cloud();
    run(pipelineDefinition(copied), {}, world);
    expect(world.started).toEqual(["transfer", "2026-08"]);
  });

  test("a transfer that is running already is waited for, and then started again", () => {
    const world = cloud([], undefined, { status: "SUCCESS", busy: 1 });
    run(pipelineDefinition(copied), {}, world);
    expect(world.started).toEqual(["waited", "transfer", "2026-08"]);
    const always = cloud([], undefined, { status: "SUCCESS", busy: 9 });
    expect(raised(() => run(pipelineDefinition(copied), {}, always))).toMatchObject({
      message: "trips: it is running already",
    });
    expect(always.started).toEqual(["waited", "waited"]);
  });

  test("without its files nothing is ingested", () => {
    const world = cloud([], undefined, { status: "FAILED", busy: 0 });
    expect(raised(() => run(pipelineDefinition(copied), {}, world))).toMatchObject({
      message: "trips: transfer dev-trips failed",
      failures: [{ status: "FAILED" }],
      stopped: true,
    });
    expect(world.started).toEqual(["transfer"]);
    expect(world.logs).toMatchObject([{ severity: "ERROR" }]);
  });

  test("a failure that passes is tried again, three times in all, with longer and longer pauses", () => {
    const world = cloud([2, 2]);
    const before = world.now;
    const result = run(pipelineDefinition(monthly), {}, world);
    expect(world.started).toEqual(["2026-08", "2026-08", "2026-08"]);
    expect(world.now - before).toBeGreaterThan(60 + 240);
    expect(result).toMatchObject({ outcomes: [{ period: "2026-08", attempts: 3 }] });
    const failure = raised(() => run(pipelineDefinition(monthly), {}, cloud([2, 2, 2])));
    expect(failure).toMatchObject({
      message: "trips: period 2026-08: retryable failure",
      failures: [{ exitCode: 2, period: "2026-08" }],
    });
  });

  test.each([
    [3, "integrity failure"],
    [4, "schema drift"],
  ])("after exit code %i no further period is begun: %s", (code, meaning) => {
    const world = cloud([0, code]);
    const failure = raised(() => run(pipelineDefinition(monthly), { from: "2020-01", to: "2020-04" }, world));
    expect(failure).toMatchObject({
      message: `trips: period 2020-02: ${meaning}`,
      failures: [{ period: "2020-02", exitCode: code }],
      stopped: true,
    });
    expect(world.started).toEqual(["2020-01", "2020-02"]);
  });

  test.each([
    [1, "permanent failure"],
    [137, "the job was stopped"],
  ])("exit code %i is of its period alone, and fails the pipeline in the end: %s", (code, meaning) => {
    const world = cloud([0, code, 0, code]);
    const failure = raised(() => run(pipelineDefinition(monthly), { from: "2020-01", to: "2020-04" }, world));
    expect(failure).toMatchObject({
      message: `trips: period 2020-02: ${meaning}`,
      failures: [{ period: "2020-02" }, { period: "2020-04", exitCode: code }],
      stopped: false,
    });
    expect(world.started).toEqual(["2020-01", "2020-02", "2020-03", "2020-04"]);
  });

  test("more periods than an execution has steps for are refused before the first", () => {
    const days = cloud();
    const far = { from: "2020-01-01", to: "2026-01-01" };
    expect(raised(() => run(pipelineDefinition(daily), far, days))).toMatch(/^more than 400 periods/);
    expect(days.started).toEqual([]);
  });

  test("how it went is recorded, well or badly", () => {
    const good = cloud();
    run(pipelineDefinition(monthly), {}, good);
    expect(good.logs).toMatchObject([{ severity: "INFO", json: { dataset: "trips", periods: ["2026-08"] } }]);
    const bad = cloud([3]);
    raised(() => run(pipelineDefinition(monthly), {}, bad));
    expect(bad.logs).toMatchObject([
      { severity: "ERROR", json: { dataset: "trips", failures: [{ exitCode: 3 }] } },
    ]);
  });
});

describe("the freshness check", () => {
  const lake = (objects: readonly string[], at: string): World => ({
    now: Date.parse(at) / 1000,
    logs: [],
    http: (_, url) => {
      const path = decodeURIComponent(
        url.replace("https://storage.googleapis.com/storage/v1/b/my-lake/o/", ""),
      );
      if (!objects.includes(path)) throw new Raised({ code: 404, message: "not found" });
      return { name: path };
    },
  });

  test("is content with the period that is due", () => {
    const marker = "manifests/trips/year=2026/month=08/_SUCCESS";
    expect(run(fresh, null, lake([marker], "2026-11-20T00:00:00Z"))).toBe("2026-08");
  });

  test("gives a new period the time it may take", () => {
    const before = "manifests/trips/year=2026/month=07/_SUCCESS";
    expect(run(fresh, null, lake([before], "2026-11-03T03:00:00Z"))).toBe("2026-07");
    expect(raised(() => run(fresh, null, lake([before], "2026-11-03T06:00:00Z")))).toBe(
      "trips: period 2026-08 is due and not in the lake (manifests/trips/year=2026/month=08/_SUCCESS)",
    );
  });

  test("says so when it could not look, rather than that something is missing", () => {
    const forbidden: World = {
      now: Date.parse("2026-11-20T00:00:00Z") / 1000,
      logs: [],
      http: () => {
        throw new Raised({ code: 403, message: "forbidden" });
      },
    };
    expect(raised(() => run(fresh, null, forbidden))).toEqual({ code: 403, message: "forbidden" });
    expect(forbidden.logs).toMatchObject([{ severity: "ERROR", json: { period: "2026-08" } }]);
  });

  test("asks for nothing before the first period is due", () => {
    expect(run(fresh, null, lake([], "2019-03-20T00:00:00Z"))).toBe("nothing is due yet");
  });
});

describe("the backfill", () => {
  const pipelines = (states: Readonly<Record<string, string>>) => {
    const started: WorkflowValue[] = [];
    const world: World = {
      now: 0,
      logs: [],
      http: (method, url, body): WorkflowValue => {
        const name = /workflows\/([^/]+)\/executions/.exec(url)?.[1];
        if (method === "post") {
          started.push({ [name ?? ""]: body ?? null });
          return { name: `executions/${name ?? ""}` };
        }
        const state = states[url.split("/").at(-1) ?? ""] ?? "SUCCEEDED";
        return { state, result: '{"periods":["2019-01"]}', error: { payload: "why" } };
      },
    };
    return { world, started };
  };

  test("starts the pipeline of each data set with the range", () => {
    const { world, started } = pipelines({});
    const args = { datasets: ["yellow_trips", "zones"], from: "2019-01", to: "2019-12" };
    expect(run(backfill, args, world)).toEqual({
      yellow_trips: { periods: ["2019-01"] },
      zones: { periods: ["2019-01"] },
    });
    const argument = { argument: '{"from":"2019-01","to":"2019-12"}' };
    expect(started).toEqual([{ "dev-ingest-yellow-trips": argument }, { "dev-ingest-zones": argument }]);
  });

  test("one that fails leaves the others alone, and fails the backfill in the end", () => {
    const { world, started } = pipelines({ "dev-ingest-zones": "FAILED" });
    expect(raised(() => run(backfill, { datasets: ["zones", "trips"] }, world))).toMatchObject({
      message: "1 of 2 data sets failed",
      failures: { zones: { message: "zones: the pipeline ended FAILED", error: { payload: "why" } } },
      outcomes: { trips: { periods: ["2019-01"] } },
    });
    expect(started).toHaveLength(2);
  });

  test.each([null, {}])("started with %j it says what it needs", (args) => {
    expect(raised(() => run(backfill, args, pipelines({}).world))).toContain('start it with {"datasets"');
  });
});
