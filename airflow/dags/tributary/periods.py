"""Which periods a run ingests. A period is a label, `2019-01` or `2019-01-31`, and counts as a number of months or days."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .errors import Failed

EPOCH = date(1970, 1, 1)
LENGTHS = {"month": 7, "day": 10}


def choose(facts, moment, first=None, last=None, most=None):
    """
    The periods from `first` to `last`, within those of the data set, or the one that is due at a moment.

    Returns first and last label and their number, or None if there is none. Raises Failed for a label of another grain.
    """
    grain = facts["grain"]
    if grain == "once":
        return {"first": "once", "last": "once", "count": 1}
    for label in (first, last):
        if label is not None and not valid(grain, label):
            raise Failed(f'"{label}" is not a valid {grain}: use 2019-01 for a month, 2019-01-31 for a day')
    now = number(grain, moment.astimezone(ZoneInfo(facts["timeZone"])).date().isoformat())
    end = now - facts["behind"] if last is None else number(grain, last)
    start = end if first is None else number(grain, first)
    start = max(start, number(grain, facts["first"]))
    if facts["last"] is not None:
        end = min(end, number(grain, facts["last"]))
    count = end - start + 1
    if count < 1:
        return None
    if most is not None and count > most:
        raise Failed(f"more than {most} periods do not fit into one execution: start several")
    return {"first": label_of(grain, start), "last": label_of(grain, end), "count": count}


def labels(facts, first, count):
    """Labels of as many periods from the first one on."""
    grain = facts["grain"]
    return ["once"] if grain == "once" else [label_of(grain, number(grain, first) + n) for n in range(count)]


def due_at(facts, label):
    """The start of the period in which this one is due."""
    grain, zone = facts["grain"], ZoneInfo(facts["timeZone"])
    if grain == "once":
        return datetime(2020, 1, 1, tzinfo=zone)
    now = label_of(grain, number(grain, label) + facts["behind"])
    return datetime.fromisoformat(f"{now}-01"[:10]).replace(tzinfo=zone)


def valid(grain, label):
    try:
        datetime.strptime(label, "%Y-%m" if grain == "month" else "%Y-%m-%d")
    except ValueError:
        return False
    return len(label) == LENGTHS[grain]


def number(grain, label):
    year, month = int(label[:4]), int(label[5:7])
    return year * 12 + month - 1 if grain == "month" else (date(year, month, int(label[8:10])) - EPOCH).days


def label_of(grain, count):
    return f"{count // 12:04}-{count % 12 + 1:02}" if grain == "month" else (EPOCH + timedelta(count)).isoformat()
