"""Cloud Run jobs and Storage Transfer Service: the requests of a pipeline in the cloud."""

from urllib.parse import quote

from .errors import Failed, RequestError
from .requests import Requests

RUN = "https://run.googleapis.com/v2/"
TRANSFER = "https://storagetransfer.googleapis.com/v1/"
TASKS = "pageSize=100&fields=nextPageToken,tasks(index,lastAttemptResult(exitCode,status(code)))"


class Cloud:
    def __init__(self, catalog, send, sleep):
        self.catalog = catalog
        self.place = catalog["place"]
        self.requests = Requests(catalog["rules"], send, sleep)

    def transfer(self, job):
        """
        Runs the transfer job and waits until it ends. Only one run of a job can be active: when there is one already, it
        waits for that run and then starts another, because the first may have listed the source too early.
        """
        path = f"{TRANSFER}transferJobs/{job}"
        starts = self.catalog["rules"]["transferStarts"]
        for start in range(1, starts + 1):
            refusal = None
            try:
                operation = self.requests.post(f"{path}:run", {"projectId": self.place["project"]})["name"]
            except RequestError as error:
                if error.code not in (400, 409) or start == starts:
                    raise
                refusal = error
                job_now = self.requests.get(f"{path}?projectId={self.place['project']}")
                if "latestOperationName" not in job_now:
                    raise
                operation = job_now["latestOperationName"]
            looks = self.catalog["rules"]["transfer"]
            seen = self.requests.until(lambda found: found.get("done", False), TRANSFER + operation, looks)
            if refusal is None:
                status = seen.get("metadata", {}).get("status", "SUCCESS")
                if "error" in seen or status != "SUCCESS":
                    raise Failed(f"transfer {job} failed: {operation}: {seen.get('error', status)}")
                return operation

    def start(self, dataset, chosen, again, pending, force):
        """Starts the execution in which each pending period is a task."""
        facts = dataset["pipeline"]
        words = {"dataset": dataset["id"], "first": chosen["first"], "last": chosen["last"]}
        job, tasks = facts["backfillJob"], max(pending, self.place["parallelPeriods"])
        kind = "range"
        if pending == 1:
            job, tasks, kind, words["periods"] = facts["job"], 1, "periods", chosen["first"]
        if again:
            kind, words["periods"] = "periods", ",".join(again)
        arguments = self.arguments(kind, words) + (["--force"] if force else [])
        return {"execution": self.execute(job, tasks, arguments), "tasks": tasks}

    def outcomes(self, running):
        """Index and exit code of each task; None if all tasks succeeded. A task that was stopped has the code None."""
        execution, tasks = running["execution"], running["tasks"]
        return None if self.succeeded(execution) >= tasks else self.codes(execution)

    def codes(self, execution):
        token = ""
        while True:
            page = self.requests.get(f"{RUN}{execution}/tasks?{TASKS}&pageToken={token}")
            for task in page.get("tasks", []):
                # The API omits numbers that are 0.
                last = task.get("lastAttemptResult")
                code = (last or {}).get("exitCode", 0)
                ended = last is not None and last.get("status", {}).get("code", 0) == 0
                yield task.get("index", 0), code if ended or code else None
            token = page.get("nextPageToken", "")
            if token == "":
                return

    def transform(self, dataset, chosen):
        """Builds the models for the periods. Raises Failed with the models and tests that failed."""
        job, artifacts = self.place["transform"]["job"], self.place["transform"]["artifacts"]
        words = {"dataset": dataset["id"], "first": chosen["first"], "last": chosen["last"]}
        execution = self.execute(job, 1, self.arguments("transform", words))
        if self.succeeded(execution) > 0:
            return execution
        name = quote(self.catalog["transformRuns"] + execution.split("/")[-1] + "/summary.json", safe="")
        try:
            url = f"https://storage.googleapis.com/storage/v1/b/{artifacts}/o/{name}?alt=media"
            reason = self.requests.get(url)["reason"]
        except RequestError:
            # It ended before it could write one.
            reason = "see the log of the execution"
        raise Failed(f"transform of {dataset['id']}: {reason}")

    def execute(self, job, tasks, arguments):
        jobs = f"{RUN}projects/{self.place['project']}/locations/{self.place['location']}/jobs/"
        body = {"overrides": {"taskCount": tasks, "containerOverrides": [{"args": arguments}]}}
        execution = self.requests.post(f"{jobs}{job}:run", body)["metadata"]["name"]
        print(f"execution {execution}: {job} {' '.join(arguments)}")
        return execution

    def succeeded(self, execution):
        looks = self.catalog["rules"]["execution"]
        seen = self.requests.until(lambda found: "completionTime" in found, RUN + execution, looks)
        return seen.get("succeededCount", 0)

    def arguments(self, kind, words):
        return [part.format(**words) for part in self.catalog["arguments"][kind]]
