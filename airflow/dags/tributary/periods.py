"""
Which periods a run ingests. A period is a label, such as `2019-01` or `2019-W05`, and counts as a number: of the years,
quarters, months, weeks, days or hours since a fixed one.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .errors import Failed

EPOCH = date(1970, 1, 1)
HOUR = timedelta(hours=1)
EXAMPLES = "2019-01 for a month, 2019-01-31 for a day, 2019-Q1, 2019-W05, 2019, 2019-01-31T05"


def choose(facts, moment, first=None, last=None, most=None):
    """
    The periods from `first` to `last`, within those of the data set, or the one that is due at a moment.

    Returns first and last label and their number, or None if there is none. Raises Failed for a label of another grain.
    """
    grain = facts["grain"]
    if grain == "once":
        return {"first": "once", "last": "once", "count": 1}
    for label in (first, last):
        if label is not None and start_of(grain, label) is None:
            raise Failed(f'"{label}" is not a valid {grain}: use {EXAMPLES}')
    now = containing(grain, moment.astimezone(ZoneInfo(facts["timeZone"])).replace(tzinfo=None))
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
    return start_of(grain, label_of(grain, number(grain, label) + facts["behind"])).replace(tzinfo=zone)


def number(grain, label):
    """Number of the period with a label."""
    return containing(grain, start_of(grain, label))


def containing(grain, moment):
    """Number of the period that contains a time."""
    months = moment.year * 12 + moment.month - 1
    days = (moment.date() - EPOCH).days
    return {
        "year": moment.year,
        "quarter": months // 3,
        "month": months,
        # Day 0 is a Thursday: the week with the number n has its Thursday on day 7n.
        "week": (days + 3) // 7,
        "day": days,
        "hour": days * 24 + moment.hour,
    }[grain]


def label_of(grain, count):
    """Label of the period with a number."""
    match grain:
        case "year":
            return f"{count:04}"
        case "quarter":
            return f"{count // 4:04}-Q{count % 4 + 1}"
        case "month":
            return f"{count // 12:04}-{count % 12 + 1:02}"
        case "week":
            year, week, _ = (EPOCH + timedelta(count * 7)).isocalendar()
            return f"{year:04}-W{week:02}"
        case "day":
            return (EPOCH + timedelta(count)).isoformat()
        case "hour":
            return (datetime(1970, 1, 1) + count * HOUR).strftime("%Y-%m-%dT%H")
    raise ValueError(f"the grain {grain} is unknown")


def start_of(grain, label):
    """Start of the period with a label, without a time zone. None if the label is not one of the grain."""
    try:
        if grain == "quarter":
            year, quarter = label.split("-Q")
            start = datetime(int(year), int(quarter) * 3 - 2, 1)
        elif grain == "week":
            start = datetime.strptime(f"{label}-1", "%G-W%V-%u")
        else:
            forms = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d", "hour": "%Y-%m-%dT%H"}
            start = datetime.strptime(label, forms[grain])
    except ValueError:
        return None
    return start if label_of(grain, containing(grain, start)) == label else None
