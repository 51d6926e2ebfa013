"""
Runs the pipelines of the DAGs without Airflow, in a simulated cloud: each line of standard input is a run, or the answer
to a request. Requests and pauses are lines of standard output. Tries the ingestion again as Airflow does.
"""

import json
import sys
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "airflow" / "dags"))

from tributary.cloud import Cloud  # noqa: E402
from tributary.errors import Failed, RequestError, Transient  # noqa: E402
from tributary.ingest import ingest, rest  # noqa: E402
from tributary.periods import choose  # noqa: E402

out, sys.stdout = sys.stdout, sys.stderr


def say(**message):
    out.write(json.dumps(message) + "\n")
    out.flush()


def send(method, url, body):
    say(method=method, url=url, body=body)
    answer = json.loads(sys.stdin.readline())
    if "error" in answer:
        raise RequestError(answer["error"]["message"], answer["error"].get("code"), answer["error"].get("sent", True))
    return answer["body"]


def sleep(seconds):
    say(sleep=seconds)


class Memory:
    """As Airflow's variables: what is loaded is a copy."""

    text = None

    def load(self):
        return self.text and json.loads(self.text)

    def save(self, state):
        self.text = json.dumps(state)

    def clear(self):
        self.text = None


def run(catalog, dataset, args, moment):
    cloud, memory = Cloud(catalog, send, sleep), Memory()
    facts = dataset["pipeline"]
    most = catalog["rules"]["maxPeriods"]
    chosen = choose(facts, datetime.fromisoformat(moment), args.get("from"), args.get("to"), most)
    if chosen is None:
        return {"periods": None, "succeeded": 0}
    result, failure = {}, None
    try:
        if facts["transferJob"] is not None:
            cloud.transfer(facts["transferJob"])
        while True:
            try:
                result = ingest(catalog, dataset, chosen, platform=cloud, memory=memory, sleep=sleep)
                break
            except Transient:
                sleep(rest(catalog["rules"], 2))
    except Failed as error:
        result, failure = getattr(error, "result", {}), str(error)
    if catalog["place"].get("transform") and result.get("succeeded"):
        try:
            cloud.transform(dataset, chosen)
        except Failed as error:
            failure = failure or str(error)
    assert memory.text is None, "something is left for a next try"
    return {**result, **({} if failure is None else {"failure": failure})}


for line in sys.stdin:
    given = json.loads(line)
    try:
        say(result=run(**given))
    except Failed as error:
        say(result={"failure": str(error)})
