"""The transform job: runs the dbt project on BigQuery, one run at a time, and keeps its artifacts in the lake.

Without arguments it builds everything from nothing. With --dataset and a range of periods, it builds the models of that
data set, and replaces the periods. Exit codes are those of the ingest job: 1 permanent, 2 transient, 3 a test failed.
"""

import argparse
import datetime
import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

PROJECT = pathlib.Path(os.environ.get("PROJECT_FOLDER", pathlib.Path(__file__).parent / "project"))
TARGET = pathlib.Path(os.environ.get("ARTIFACTS_FOLDER", "/tmp")) / "target"
EXECUTION = os.environ.get("CLOUD_RUN_EXECUTION", "local")
TIMEOUT = int(os.environ.get("TASK_TIMEOUT_SECONDS", "3600"))
ARTIFACTS = {"run_results.json", "manifest.json", "catalog.json", "static_index.html"}
# Errors of BigQuery and of the network that end by themselves.
TRANSIENT = re.compile(r"\b(429|500|502|503|504)\b|rateLimit|backendError|quotaExceeded|timed? ?out|connection|concurrent update", re.I)


def log(severity, message, **details):
    """One line in the format of Cloud Logging."""
    print(json.dumps({"severity": severity, "message": message, **details}), flush=True)


def digest():
    """Changes when a table could be built differently; tests and descriptions of models do not count."""
    whole = hashlib.sha256()
    for file in sorted(PROJECT.rglob("*")):
        name = file.relative_to(PROJECT).as_posix()
        if file.suffix == ".sql" or name == "dbt_project.yml":
            if not name.startswith("tests/"):
                whole.update(f"{name}\n{file.read_text()}\n".encode())
    return whole.hexdigest()


def days(first, last):
    """First days of the months or days from the first label to the last."""
    month = len(first) == 7
    day = datetime.date.fromisoformat(f"{first}-01" if month else first)
    end = datetime.date.fromisoformat(f"{last}-01" if month else last)
    found = []
    while day <= end:
        found.append(day.isoformat())
        day = (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1) if month else day + datetime.timedelta(days=1)
    return found


class Place:
    """A folder in a bucket: gs://bucket/folder/"""

    def __init__(self, client, url):
        bucket, _, self.folder = url.removeprefix("gs://").partition("/")
        self.bucket = client.bucket(bucket)

    def blob(self, name):
        return self.bucket.blob(self.folder + name)


class Lock:
    """An object that exists while a run works: one run at a time. It expires when a run must have ended."""

    def __init__(self, place):
        self.blob = place.blob("lock.json")

    def acquire(self):
        content = json.dumps({"execution": EXECUTION, "until": time.time() + TIMEOUT + 60})
        deadline = time.time() + TIMEOUT / 2
        while True:
            expired = self._expired()
            if expired is not None:
                try:
                    self.blob.upload_from_string(content, "application/json", if_generation_match=expired)
                    return
                except exceptions.PreconditionFailed:
                    pass
            if time.time() > deadline:
                raise TimeoutError("another run is still working; its execution is in transforms/lock.json of the lake")
            time.sleep(float(os.environ.get("LOCK_POLL_SECONDS", "10")))

    def _expired(self):
        """The generation to replace: 0 if there is no lock; None if another run holds it."""
        try:
            held = json.loads(self.blob.download_as_bytes())
            self.blob.reload()
        except exceptions.NotFound:
            return 0
        if held["execution"] == EXECUTION or held["until"] < time.time():
            return self.blob.generation
        return None

    def release(self):
        try:
            self.blob.delete(if_generation_match=self.blob.generation)
        except (exceptions.NotFound, exceptions.PreconditionFailed):
            pass


def run_dbt(*args):
    """Runs dbt. When Cloud Run stops the task, dbt is interrupted: it cancels its queries."""
    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    target = ["--target", os.environ.get("DBT_TARGET", "cloud")]
    running = subprocess.Popen(
        [sys.executable, "-c", "from dbt.cli.main import cli; cli()", *args, *places, *target],
        env={**os.environ, "DBT_TARGET_PATH": str(TARGET), "DBT_LOG_PATH": str(TARGET)},
    )
    signal.signal(signal.SIGTERM, lambda *_: running.send_signal(signal.SIGINT))
    return running.wait()


def failures():
    """Failed models and tests with dbt's message, from its results."""
    file = (TARGET / "run_results.json")
    if not file.exists():
        return None
    found = []
    for result in json.loads(file.read_text())["results"]:
        if result["status"] in ("error", "fail", "runtime error", "partial success"):
            kind, _, name = result["unique_id"].split(".")[:3]
            message = " ".join((result["message"] or "").split())[:500]
            found.append({"kind": kind, "name": name, "status": result["status"], "message": message})
    return found


def exit_code(code, found):
    if code == 0:
        return 0
    errors = [failure for failure in found or [] if failure["status"] != "fail"]
    if found and not errors:
        return 3
    return 2 if errors and all(TRANSIENT.search(error["message"]) for error in errors) else 1


def upload(place, summary):
    files = [file for file in TARGET.iterdir() if file.name in ARTIFACTS] if TARGET.exists() else []
    for folder in (f"runs/{EXECUTION}", "latest"):
        for file in files:
            name = "docs.html" if file.name == "static_index.html" else file.name
            place.blob(f"{folder}/{name}").upload_from_filename(str(file))
        place.blob(f"{folder}/summary.json").upload_from_string(json.dumps(summary), "application/json")


def build(options, place):
    state = place.blob("state.json")
    try:
        built = json.loads(state.download_as_bytes())["project"]
    except exceptions.NotFound:
        built = None
    partial = options.dataset and options.first and built == digest()
    periods = days(options.first, options.last or options.first) if partial else []
    choice = ["--select", f"source:raw.{options.dataset}+"] if partial else ["--full-refresh"]
    # Unit tests have data of their own: they are for those who change a model, not for those who wait for it.
    code = run_dbt("build", *choice, "--exclude-resource-type", "unit_test", "--vars", json.dumps({"periods": periods}))
    found = failures()
    # The documentation is of use when a model failed, too; that it cannot be written does not fail the run.
    if found is not None:
        results = (TARGET / "run_results.json").read_bytes()
        run_dbt("docs", "generate", "--static")
        (TARGET / "run_results.json").write_bytes(results)
    for failure in found or []:
        log("ERROR", f"{failure['kind']} {failure['name']}: {failure['message']}", **failure)
    ended = exit_code(code, found)
    if ended == 0 and not partial:
        state.upload_from_string(json.dumps({"project": digest()}), "application/json")
    reason = f"{found[0]['kind']} {found[0]['name']}: {found[0]['message']}" if found else "see the log of the execution"
    upload(place, {"exitCode": ended, "periods": periods, "reason": reason, "failures": (found or [])[:20]})
    return ended


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", help="data set whose models are built")
    parser.add_argument("--from", dest="first", help="first period to replace: 2019-01 or 2019-01-31")
    parser.add_argument("--to", dest="last", help="last period to replace")
    options = parser.parse_args()
    # A data set that is ingested as a whole has one period, which has no day: everything refers to it.
    if options.first == "once":
        options.first = options.last = None
    endpoint = os.environ.get("STORAGE_API_ENDPOINT")
    # An http endpoint is an emulator: it gets no credentials.
    known = {"credentials": AnonymousCredentials()} if (endpoint or "").startswith("http://") else {}
    client = storage.Client(
        project=os.environ["WAREHOUSE_PROJECT"],
        client_options={"api_endpoint": endpoint} if endpoint else None,
        **known,
    )
    place = Place(client, os.environ["ARTIFACTS"])
    lock = Lock(place)
    try:
        lock.acquire()
    except TimeoutError as error:
        log("ERROR", str(error))
        return 2
    try:
        return build(options, place)
    finally:
        lock.release()


if __name__ == "__main__":
    sys.exit(main())
