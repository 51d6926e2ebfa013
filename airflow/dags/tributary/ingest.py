"""Ingests periods in rounds: those with a transient error again, alone. Each round is one try of an Airflow task."""

import copy

from .errors import Failed, Transient
from .periods import labels


def ingest(catalog, dataset, chosen, *, platform, memory, sleep, force=False):
    """
    Runs one round, and returns the result once nothing is left to be tried again.

    memory: what the next try has to know, with load, save and clear. If this try is killed while Cloud Run works, the
    next one follows the same execution.

    Raises Transient while periods remain that another round can ingest, and Failed, with the result, when some failed.
    """
    rules = catalog["rules"]
    state = memory.load() or {
        **{"attempt": 1, "succeeded": 0, "failed": 0, "notStarted": 0, "failures": [], "executions": []},
        **{"again": None, "pending": chosen["count"], "running": None},
    }
    if state["running"] is None and state["attempt"] > 2:
        # Airflow has waited for as long as before the second round.
        sleep(rest(rules, state["attempt"]) - rest(rules, 2))
    before = copy.deepcopy(state)
    try:
        if state["running"] is None:
            state["running"] = platform.start(dataset, chosen, state["again"], state["pending"], force)
            memory.save(state)
        outcome = evaluated(catalog, dataset, chosen, state, platform.outcomes(state["running"]))
    except Failed as error:
        memory.clear()
        raise gave_up(dataset["id"], chosen, before, error) from error
    state["executions"].append(state["running"]["execution"])
    reason, again = outcome["reason"], outcome["again"]
    if again and not outcome["stopped"] and state["attempt"] < rules["rounds"]:
        state |= {"attempt": state["attempt"] + 1, "again": again, "pending": len(again), "running": None}
        memory.save(state)
        raise Transient(f"{dataset['id']}: {len(again)} periods have a transient error: {', '.join(again[:10])}")
    memory.clear()
    if again:
        code, title = next((e["code"], e["title"]) for e in catalog["exitCodes"] if e["reaction"] == "retry")
        reason = reason or f"period {again[0]}: {title}"
        state["failed"] += len(again)
        state["failures"].append({"period": ",".join(again), "exitCode": code, "message": title})
    result = result_of(dataset["id"], chosen, state, outcome["stopped"])
    if state["failed"] + state["notStarted"] == 0 and not outcome["stopped"]:
        return result
    raise failed(dataset["id"], reason or f"{state['notStarted']} periods were not started", result)


def rest(rules, attempt):
    """Seconds before a round."""
    return rules["rest"]["first"] * rules["rest"]["factor"] ** (attempt - 2)


def evaluated(catalog, dataset, chosen, state, outcomes):
    """Counts the tasks of an execution by their exit codes, and names the periods to ingest again."""
    reactions = {exit["code"]: exit for exit in catalog["exitCodes"]}
    rules, pending = catalog["rules"], state["pending"]
    names = state["again"] or labels(dataset["pipeline"], chosen["first"], pending)
    stopped, reason, again, seen, details = False, None, [], 0, 0
    for index, code in ((index, 0) for index in range(pending)) if outcomes is None else outcomes:
        # A task without a period: Cloud Run starts at least as many as run in parallel.
        if index >= pending:
            continue
        seen += 1
        reaction = reactions[code]["reaction"] if code in reactions else "give up"
        if reaction == "none":
            state["succeeded"] += 1
            continue
        if details >= rules["maxDetails"] and reaction != "stop":
            state["failed"] += 1
            continue
        details += 1
        period, title = names[index], reactions[code]["title"] if code in reactions else "the job was stopped"
        print(f"{dataset['id']} {period}: {title}")
        if reaction == "retry":
            again.append(period)
        elif reaction == "skip":
            state["notStarted"] += 1
        else:
            state["failed"] += 1
            if len(state["failures"]) < rules["maxFailures"]:
                # A task that was stopped has no exit code.
                failure = {"period": period, "exitCode": code or 0, "message": title}
                state["failures"].append(failure)
            if reaction == "stop" or reason is None:
                reason = f"period {period}: {title}"
            stopped = stopped or reaction == "stop"
    state["notStarted"] += pending - seen
    earlier = state.get("reason")
    state["reason"] = reason if earlier is None or stopped else earlier
    return {"stopped": stopped, "reason": state["reason"], "again": again}


def result_of(dataset, chosen, state, stopped):
    numbers = {name: state[name] for name in ("succeeded", "failed", "notStarted")}
    periods = {"from": chosen["first"], "to": chosen["last"], "count": chosen["count"]}
    lists = {name: state[name] for name in ("failures", "executions")}
    return {"dataset": dataset, "periods": periods, **numbers, "stopped": stopped, **lists}


def gave_up(dataset, chosen, state, error):
    """Without an answer of the platform, none of the pending periods is known to be complete."""
    state["notStarted"] += state["pending"]
    state["failures"].append({"code": getattr(error, "code", None), "message": str(error)})
    return failed(dataset, str(error), result_of(dataset, chosen, state, True))


def failed(dataset, reason, result):
    error = Failed(f"{dataset}: {reason}")
    error.result = result
    return error
