"""
Which periods a run ingests. A period is a label, `2019-01` or `2019-W05`, and counts as a number of months or weeks.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .errors import Failed

EPOCH = date(1970, 1, 1)
EXAMPLES = {
    "year": "2019",
    "quarter": "2019-Q1",
    "month": "2019-01",
    "week": "2019-W05",
    "day": "2019-01-31",
    "hour": "2019-01-31T05",
}


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
            raise Failed(f'"{label}" is not a valid {grain}: use the format {EXAMPLES[grain]}')
    now = number_at(grain, moment.astimezone(ZoneInfo(facts["timeZone"])))
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
    return start_of(grain, number(grain, label) + facts["behind"]).replace(tzinfo=zone)


def valid(grain, label):
    try:
        return label_of(grain, number(grain, label)) == label
    except ValueError:
        return False


def number(grain, label):
    """Number of the period with a label."""
    if grain == "quarter" and label[5:6] == "Q":
        return int(label[:4]) * 4 + int(label[6:]) - 1
    if grain == "week":
        year, week = label.split("-W")
        return number_at(grain, datetime.combine(date.fromisocalendar(int(year), int(week), 1), time()))
    form = {"year": "%Y", "quarter": "%Y-Q", "month": "%Y-%m", "day": "%Y-%m-%d", "hour": "%Y-%m-%dT%H"}[grain]
    return number_at(grain, datetime.strptime(label, form))


def number_at(grain, moment):
    """Number of the period that contains a local time."""
    days = (moment.date() - EPOCH).days
    match grain:
        case "year":
            return moment.year
        case "quarter":
            return (moment.year * 12 + moment.month - 1) // 3
        case "month":
            return moment.year * 12 + moment.month - 1
        case "week":
            # Day 0 is a Thursday.
            return (days + 3) // 7
        case "hour":
            return days * 24 + moment.hour
        case _:
            return days


def start_of(grain, count):
    """The local time at which the period with a number begins."""
    match grain:
        case "year":
            return datetime(count, 1, 1)
        case "quarter":
            return datetime(count // 4, count % 4 * 3 + 1, 1)
        case "month":
            return datetime(count // 12, count % 12 + 1, 1)
        case "week":
            return datetime.combine(EPOCH + timedelta(count * 7 - 3), time())
        case "hour":
            return datetime.combine(EPOCH, time()) + timedelta(hours=count)
        case _:
            return datetime.combine(EPOCH + timedelta(count), time())


def label_of(grain, count):
    start = start_of(grain, count)
    match grain:
        case "quarter":
            return f"{start.year:04}-Q{count % 4 + 1}"
        case "week":
            year, week, _ = start.isocalendar()
            return f"{year:04}-W{week:02}"
        case _:
            return start.isoformat()[: len(EXAMPLES[grain])]
