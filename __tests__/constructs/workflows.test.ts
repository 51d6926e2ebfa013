import { backfillDefinition } from "../../constructs/backfill-definition";
import { freshnessDefinition } from "../../constructs/freshness-definition";
import { type Pipeline, pipelineDefinition } from "../../constructs/pipeline-definition";
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
  pipelinePrefix: "dev-ingest-",
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
    "other: step end_it: text around an expression: a ${period}",
  ]);
});

/** A Cloud Run job whose executions end with the exit codes given, one after the other; then with 0. */
function cloud(exitCodes: readonly number[] = [], at = "2026-11-02T11:00:00Z") {
  const started: string[] = [];
  const sleeps = new Map<string, number>();
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
        started.push("transfer");
        return { name: "transferOperations/1" };
      }
      const number = Number(/executions\/(\d+)/.exec(url)?.[1]);
      const code = exitCodes[number - 1] ?? 0;
      if (url.endsWith("/tasks"))
        return { tasks: [code === 0 ? {} : { lastAttemptResult: { exitCode: code } }] };
      const looks = (sleeps.get(url) ?? 0) + 1;
      sleeps.set(url, looks);
      if (looks < 3) return { name: url };
      if (url.includes("transferOperations")) return { done: true };
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

  test("a failure that passes is tried again, three times in all, with longer and longer pauses", () => {
    const world = cloud([2, 2]);
    const before = world.now;
    const result = run(pipelineDefinition(monthly), {}, world);
    expect(world.started).toEqual(["2026-08", "2026-08", "2026-08"]);
    expect(world.now - before).toBeGreaterThan(60 + 240);
    expect(result).toMatchObject({ outcomes: [{ period: "2026-08", attempts: 3 }] });
    const failure = raised(() => run(pipelineDefinition(monthly), {}, cloud([2, 2, 2])));
    expect(failure).toMatchObject({ exitCode: 2, message: "period 2026-08: retryable failure" });
  });

  test.each([
    [1, "permanent failure"],
    [3, "integrity failure"],
    [4, "schema drift"],
    [137, "the job was stopped"],
  ])("exit code %i stops everything at once: %s", (code, meaning) => {
    const world = cloud([0, code]);
    const failure = raised(() => run(pipelineDefinition(monthly), { from: "2020-01", to: "2020-03" }, world));
    expect(failure).toMatchObject({
      period: "2020-02",
      exitCode: code,
      message: `period 2020-02: ${meaning}`,
    });
    expect(world.started).toEqual(["2020-01", "2020-02"]);
  });

  test("how it went is recorded, well or badly", () => {
    const good = cloud();
    run(pipelineDefinition(monthly), {}, good);
    expect(good.logs).toMatchObject([{ severity: "INFO", json: { dataset: "trips", periods: ["2026-08"] } }]);
    const bad = cloud([3]);
    raised(() => run(pipelineDefinition(monthly), {}, bad));
    expect(bad.logs).toMatchObject([
      { severity: "ERROR", json: { dataset: "trips", error: { exitCode: 3 } } },
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

  test("fails with the data set whose pipeline failed", () => {
    const { world } = pipelines({ "dev-ingest-zones": "FAILED" });
    expect(raised(() => run(backfill, { datasets: ["zones"] }, world))).toMatchObject({
      message: "zones: the pipeline ended FAILED",
      error: { payload: "why" },
    });
  });

  test.each([null, {}])("started with %j it says what it needs", (args) => {
    expect(raised(() => run(backfill, args, pipelines({}).world))).toContain('start it with {"datasets"');
  });
});
