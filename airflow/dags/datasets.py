"""
One DAG per data set of the catalog: copy the files (if they are transferred), ingest the periods, build the models.

The catalog is JSON, written by `npm run airflow` on a laptop and by the stacks in the cloud. What the tasks do is in
`tributary/`, which does not need Airflow.
"""

import json
import os
import time
from datetime import timedelta
from pathlib import Path

from airflow.exceptions import AirflowFailException, AirflowSkipException
from airflow.sdk import DAG, Param, Variable, get_current_context, task
from airflow.timetables.trigger import CronTriggerTimetable
from tributary.cloud import Cloud
from tributary.errors import Failed
from tributary.ingest import ingest, rest
from tributary.laptop import Laptop
from tributary.periods import choose, due_at
from tributary.requests import google

here = Path(__file__).parent
catalog = json.loads(Path(os.environ.get("TRIBUTARY_CATALOG", here / "catalog.json")).read_text())
rules, place = catalog["rules"], catalog["place"]
on_laptop = place["kind"] == "laptop"

params = {
    "from": Param(None, type=["null", "string"], description="First period, 2019-01. Default: the last one."),
    "to": Param(None, type=["null", "string"], description="Last period. Default: the one that is due."),
    "force": Param(False, type="boolean", description="Ingest periods that have not changed, too."),
}
if on_laptop:
    params["source"] = Param(None, type=["null", "string"], description="Another address of the files.")


def platform():
    """Where the tasks of the running task instance work."""
    return Laptop(catalog, get_current_context()["params"]["source"]) if on_laptop else Cloud(catalog, google, time.sleep)


class Memory:
    """What a try of a task leaves for the next one. Airflow deletes the XComs of a task before it tries it again."""

    def __init__(self, context):
        self.first = context["ti"].try_number == 1
        self.key = f"tributary {context['ti'].dag_id} {context['run_id']}"

    def load(self):
        return None if self.first else Variable.get(self.key, default=None, deserialize_json=True)

    def save(self, state):
        Variable.set(self.key, state, serialize_json=True)

    def clear(self):
        Variable.delete(self.key)


def dag_of(dataset):
    facts, schedule = dataset["pipeline"], dataset["schedule"]
    with DAG(
        dag_id=dataset["id"],
        description=dataset["description"],
        schedule=schedule and CronTriggerTimetable(schedule["cron"], timezone=schedule["timeZone"]),
        # With catch-up, the schedule starts when the first period is due.
        start_date=due_at(facts, facts["first"]),
        catchup=catalog["catchUp"],
        # One run after the other: a run ingests its periods in parallel.
        max_active_runs=1,
        params=params,
        default_args={"retries": 0},
        tags=["tributary", facts["grain"]],
    ) as dag:

        @task
        def periods():
            """The period that is due at the time of the run, or those from `from` to `to`."""
            context = get_current_context()
            moment = context.get("logical_date") or context["dag_run"].run_after
            given = context["params"]
            try:
                chosen = choose(facts, moment, given["from"], given["to"], rules["maxPeriods"])
            except Failed as error:
                raise AirflowFailException(str(error)) from None
            if chosen is None:
                raise AirflowSkipException("the data set has no period in this range")
            return chosen

        @task(task_id="transfer")
        def copy_files():
            """Copies new files from S3 into the lake."""
            try:
                return platform().transfer(facts["transferJob"])
            except Failed as error:
                raise AirflowFailException(str(error)) from None

        @task(task_id="ingest", retries=rules["rounds"] - 1, retry_delay=timedelta(seconds=rest(rules, 2)))
        def ingest_periods(chosen):
            """Ingests the periods. Exit code 2 is tried again, for the periods that have it; any other failure is not."""
            context = get_current_context()
            how = {"platform": platform(), "memory": Memory(context), "sleep": time.sleep}
            try:
                result = ingest(catalog, dataset, chosen, force=context["params"]["force"], **how)
            except Failed as error:
                context["ti"].xcom_push("result", error.result)
                raise AirflowFailException(f"{error} {json.dumps(error.result)}") from None
            context["ti"].xcom_push("result", result)

        @task(task_id="transform", trigger_rule="all_done")
        def build_models():
            """Builds and tests the models from the periods that were ingested, also if others failed."""
            pull = get_current_context()["ti"].xcom_pull
            if not (pull(task_ids="ingest", key="result") or {}).get("succeeded"):
                raise AirflowSkipException("nothing was ingested")
            try:
                return platform().transform(dataset, pull(task_ids="periods"))
            except Failed as error:
                raise AirflowFailException(str(error)) from None

        @task(trigger_rule="none_failed")
        def check():
            """Fails the run if any task before it has failed, and shows what was ingested."""
            return get_current_context()["ti"].xcom_pull(task_ids="ingest", key="result")

        chosen = periods()
        ingested = ingest_periods(chosen)
        before = [chosen, ingested]
        if facts["transferJob"] is not None:
            copied = copy_files()
            chosen >> copied >> ingested
            before.append(copied)
        if place.get("transform") is not None:
            built = build_models()
            ingested >> built
            before.append(built)
        before >> check()
    return dag


for each in catalog["datasets"]:
    globals()[each["id"]] = dag_of(each)
