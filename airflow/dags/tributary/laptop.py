"""The programs of this project on this machine: one process per period, as Cloud Run has one task per period."""

import subprocess

from .errors import Failed
from .periods import labels


class Laptop:
    """source: address of the files, instead of the one in the specification."""

    def __init__(self, catalog, source=None):
        self.catalog = catalog
        self.place = catalog["place"]
        self.source = source

    def start(self, dataset, chosen, again, pending, force):
        periods = again or labels(dataset["pipeline"], chosen["first"], pending)
        options = (["--force"] if force else []) + (["--source", self.source] if self.source else [])
        return {"execution": "this machine", "dataset": dataset["id"], "periods": periods, "options": options}

    def outcomes(self, running):
        """Index and exit code of each period. After an integrity failure or schema drift, no further one is started."""
        stop = {exit["code"] for exit in self.catalog["exitCodes"] if exit["reaction"] == "stop"}
        skipped = next(exit["code"] for exit in self.catalog["exitCodes"] if exit["reaction"] == "skip")
        stopped = False
        for index, period in enumerate(running["periods"]):
            words = {"dataset": running["dataset"], "periods": period}
            arguments = [part.format(**words) for part in self.catalog["arguments"]["periods"]]
            options = [*self.place["options"], *running["options"]]
            code = skipped if stopped else self.run([*self.place["ingest"], *arguments, *options])
            stopped = stopped or code in stop
            yield index, code

    def transform(self, dataset, chosen):
        """Builds the models from what has changed."""
        code = self.run(self.place["transform"])
        if code != 0:
            raise Failed(f"transform of {dataset['id']}: exit code {code}, see the log")
        return "this machine"

    def run(self, command):
        """Runs a command, whose output becomes part of the task's log, and returns its exit code."""
        print(" ".join(command), flush=True)
        pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        try:
            process = subprocess.Popen(command, cwd=self.place["folder"], **pipe)
        except OSError as error:
            raise Failed(f"{command[0]} cannot be started: {error}") from error
        with process:
            try:
                for line in process.stdout:
                    print(line.rstrip(), flush=True)
            except BaseException:
                process.terminate()
                raise
        return process.returncode
