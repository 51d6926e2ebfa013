"""What a message of the topic is: a ride, or not one and why."""

import datetime
import decimal
import json
import math
import re
from typing import Any, Callable, NamedTuple, Optional


class Ride(NamedTuple):
    """The columns of the data set `rides` that come from the message. A field that the message lacks is None."""

    ride_id: Optional[str]
    vendor_id: Optional[int]
    passenger_count: Optional[int]
    trip_distance: Optional[float]
    payment_type: Optional[int]
    total_amount: Optional[decimal.Decimal]
    pickup_datetime: Optional[datetime.datetime]
    other_fields: Optional[str]


class NotARide(Exception):
    """Says in one sentence what is wrong with the message."""


def parse(message: Optional[bytes]) -> Ride:
    """Reads a message.

    Raises:
        NotARide: a field has a value of another type, or the message is not a JSON object.
    """
    if message is None:
        raise NotARide("the message has no value")
    try:
        text = message.decode("utf-8")
        fields = json.loads(
            text, parse_float=decimal.Decimal, parse_constant=_constant, object_pairs_hook=_unique
        )
    except UnicodeDecodeError:
        raise NotARide("the message is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise NotARide(f"the message is not valid JSON: {error}") from None
    if not isinstance(fields, dict):
        raise NotARide("the message is not a JSON object")
    values = {name: _read(name, read, fields.pop(name, None)) for name, read in _columns.items()}
    return Ride(**values, other_fields=_text(_whole(fields)) if fields else None)


def _constant(name: str) -> Any:
    raise NotARide(f"the message is not valid JSON: it contains {name}")


def _unique(pairs: list) -> dict:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise NotARide("the message has a field twice")
    return fields


def _read(name: str, read: Callable[[Any], Any], value: Any) -> Any:
    if value is None:
        return None
    try:
        return read(value)
    except (ValueError, ArithmeticError) as error:
        shown = _text(value)
        raise NotARide(f"{name}: {shown if len(shown) <= 60 else shown[:60] + '…'} {error}") from None


def _whole(value: Any) -> Any:
    """The value, if its texts can be stored: JSON can contain half a surrogate pair."""
    try:
        _text(value).encode("utf-8")
    except (UnicodeEncodeError, RecursionError):
        raise NotARide("the message contains a text that is not valid Unicode, or is nested too deeply") from None
    return value


def _string(value: Any) -> str:
    if not isinstance(_whole(value), str):
        raise ValueError("is not a string")
    if "\0" in value:
        raise ValueError("contains NUL")
    return value


def _integer(value: Any) -> int:
    # True is an int in Python; 1.0 is 1 in JSON.
    whole = isinstance(value, int) and not isinstance(value, bool)
    if isinstance(value, decimal.Decimal) and value.adjusted() < 19:
        whole = value == value.to_integral_value()
    if not whole:
        raise ValueError("is not an integer")
    if not -(2**63) <= value < 2**63:
        raise ValueError("does not fit into 64 bits")
    return int(value)


def _float(value: Any) -> float:
    number = float(_number(value))
    if not math.isfinite(number):
        raise ValueError("is too large")
    return number


def _money(value: Any) -> decimal.Decimal:
    amount = decimal.Decimal(_number(value))
    if amount.adjusted() < 29:
        with decimal.localcontext() as context:
            context.prec = 60
            cut = amount.quantize(decimal.Decimal("1e-9"), rounding=decimal.ROUND_DOWN)
            if cut == amount:
                return cut
    raise ValueError("is not an amount with at most 29 digits before the decimal point and 9 after it")


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, decimal.Decimal)):
        raise ValueError("is not a number")
    return value


def _time(value: Any) -> datetime.datetime:
    try:
        if _local_time.fullmatch(_string(value)):
            return datetime.datetime.fromisoformat(value)
    except ValueError:
        # Such as the 30th of February.
        pass
    raise ValueError("is not a local time such as 2019-01-31T23:59:59")


# With three or six decimals: what Python 3.10 reads as well.
_local_time = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{3}(\d{3})?)?)?", re.ASCII)


_columns = {
    "ride_id": _string,
    "vendor_id": _integer,
    "passenger_count": _integer,
    "trip_distance": _float,
    "payment_type": _integer,
    "total_amount": _money,
    "pickup_datetime": _time,
}


def _text(value: Any) -> str:
    """JSON with the numbers as they were, and sorted fields: the same message gives the same text."""
    if isinstance(value, dict):
        pairs = [f"{_text(name)}: {_text(value[name])}" for name in sorted(value)]
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    if isinstance(value, decimal.Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
