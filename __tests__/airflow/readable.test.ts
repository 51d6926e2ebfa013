import { readable } from "../../airflow/driver/readable";

/** What is shown of a log. */
function shown(...lines: readonly string[]): readonly string[] {
  const show = readable();
  return lines.flatMap((line) => show(line) ?? []);
}

const at = "2026-11-26T16:28:28.057449Z";

test("a task is shown with what its programs print; lines of Airflow are not", () => {
  expect(
    shown(
      `${at} [info     ] DAG bundles loaded: dags-folder [airflow.x] loc=manager.py:179`,
      `${at} [info     ] [DAG TEST] starting task_id=ingest map_index=-1 [airflow.sdk] loc=dag.py:1369`,
      '{"severity":"INFO","time":"2026-11-26T16:28:55.157Z","message":"taxi_zones once extract: 265 rows"}',
      "Building 1 period: 2019-01-01.",
      "",
      `${at} [info     ] [DAG TEST] end task task_id=ingest map_index=-1 [airflow.sdk] loc=dag.py:1426`,
    ),
  ).toEqual(["ingest", "    taxi_zones once extract: 265 rows", "    Building 1 period: 2019-01-01."]);
});

test("of a traceback, the reason is shown, without the result in it", () => {
  expect(
    shown(
      `${at} [info     ] [DAG TEST] starting task_id=ingest map_index=-1 [airflow.sdk] loc=dag.py:1369`,
      `${at} [error    ] Task failed with exception     [task] loc=task_runner.py:1109`,
      "Traceback (most recent call last):",
      '  File "/x/datasets.py", line 107, in ingest_periods',
      '    raise AirflowFailException(f"{error}") from None',
      'airflow.exceptions.AirflowFailException: trips: period 2019-01: integrity failure {"failed": 1}',
      "a line after it",
    ),
  ).toEqual(["ingest", "  ✗ ingest: trips: period 2019-01: integrity failure", "    a line after it"]);
});

test("a skipped task has its reason, and a task that is tried again is said once", () => {
  const waiting = `${at} [warning  ] No tasks to run. unrunnable tasks: {<TaskInstance: t.ingest [up_for_retry]>}`;
  expect(
    shown(
      `${at} [info     ] [DAG TEST] starting task_id=ingest map_index=-1`,
      waiting,
      waiting,
      `${at} [info     ] [DAG TEST] starting task_id=ingest map_index=-1`,
      waiting,
      `${at} [info     ] [DAG TEST] starting task_id=transform map_index=-1`,
      `${at} [info     ] Skipping task.                 [task] loc=task_runner.py:1093 reason='nothing was ingested'`,
    ),
  ).toEqual([
    "ingest",
    "  … ingest is tried again after a pause",
    "ingest",
    "  … ingest is tried again after a pause",
    "transform",
    "  - skipped: nothing was ingested",
  ]);
});
