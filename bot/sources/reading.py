"""Reads foreign JSON: every mistake is told with its place, and nothing in it can harm what stores it."""

from __future__ import annotations

import hashlib
import json
import re
from codecs import BOM_UTF8
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

from ops_core.errors import Invalid

LABELS = 64
LABEL_NAME, LABEL_VALUE, WORDS = 128, 1_000, 4_000
"""Most labels; longest name of a label, value of a label and text of an annotation, in characters."""
LEFT_OUT = "labels_left_out"
"""The label that stands for those beyond the most."""
FIRST = ("alertname", "severity", "model", "service")
"""Labels that are kept before all others."""

_DECODER = json.JSONDecoder(
    parse_constant=lambda _name: None
)  # NaN and Infinity are no JSON, but Python writes them
_RISKY = re.compile(rb"\\u(?:0000|[dD][89a-bA-B])")
_MILLISECONDS = 100_000_000_000
"""A larger number of seconds since 1970 would be after the year 5000: it is milliseconds."""


def document(body: bytes) -> Any:
    """The JSON of a body, fit to be stored. Raises `Invalid` with line and column."""
    try:
        found = orjson.loads(body)
        return _clean(found) if _RISKY.search(body) else found
    except orjson.JSONDecodeError:  # also of what Python reads, such as NaN, and with less of a hint
        return _slowly(body)


def _slowly(body: bytes) -> Any:
    try:
        found = _DECODER.decode(body.removeprefix(BOM_UTF8).decode())
        return _clean(found) if _RISKY.search(body) else found
    except UnicodeDecodeError as error:
        raise Invalid(f"The body is not UTF-8 text: byte {error.start + 1} is none.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Invalid(f"The body is not JSON: {error.msg} in {where}.", field=where) from None
    except RecursionError:
        raise Invalid("The body is nested too deeply.", hint="Nobody needs 500 levels.") from None
    except ValueError:  # a number of more than 4,300 digits
        raise Invalid("The body holds a number that is too long.") from None


def record(value: Any, where: str) -> dict[str, Any]:
    """An object, or `Invalid`."""
    if type(value) is dict:
        return value
    raise wrong(where, "an object", value)


def rows(value: Any, where: str) -> list[Any]:
    """A list, or `Invalid`."""
    if type(value) is list:
        return value
    raise wrong(where, "a list", value)


def wrong(where: str, wanted: str, value: Any) -> Invalid:
    """What is said about a value of another type."""
    found = "missing" if value is None else _NAMES.get(type(value), "something else")
    return Invalid(f"{where} must be {wanted}; it is {found}.", field=where)


def text(value: Any) -> str:
    """Any value as text; nothing is empty, and what is neither text nor a number is written as JSON."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False)


def labels(value: Any, where: str) -> dict[str, str]:
    """Labels: an object of short texts; what is too long or too much is cut, and stays unlike every other."""
    given = record({} if value is None else value, where)
    if len(given) > LABELS:
        given = _fewer(given)
    return {
        name if len(name) <= LABEL_NAME else _cut(name, LABEL_NAME): one
        if type(one) is str and len(one) <= LABEL_VALUE
        else _cut(text(one), LABEL_VALUE)
        for name, one in given.items()
    }


def words(value: Any, where: str) -> dict[str, str]:
    """Annotations: an object of texts."""
    given = record({} if value is None else value, where)
    if len(given) > LABELS:
        kept = sorted(given)[: LABELS - 1]
        given = {name: given[name] for name in kept} | {"annotations_left_out": len(given) - len(kept)}
    return {
        name if len(name) <= LABEL_NAME else _cut(name, LABEL_NAME): one
        if type(one) is str and len(one) <= WORDS
        else shorten(text(one))
        for name, one in given.items()
    }


def shorten(words: str) -> str:
    """A text of at most `WORDS` characters that says how much was left out."""
    if len(words) <= WORDS:
        return words
    return f"{words[: WORDS - 40]} … ({len(words) - WORDS + 40} more characters)"


def rest(told: Mapping[str, Any], known: Collection[str]) -> dict[str, str]:
    """The fields that we do not know, as words: kept, and never trusted."""
    more = sorted(told.keys() - known)[:LABELS]
    return {
        name if len(name) <= LABEL_NAME else _cut(name, LABEL_NAME): shorten(text(told[name]))
        for name in more
        if told[name] not in (None, "", [], {})
    }


def moment(value: Any, where: str) -> datetime | None:
    """A time in UTC: ISO 8601, or (milli)seconds since 1970; None for none, as the year 1 is in Go."""
    if value is None or value == "":
        return None
    try:
        found = _moment(value)
    except (ValueError, OverflowError, OSError):
        raise Invalid(f"{where} is no time.", hint="Write it as 2026-01-31T12:00:00Z.", field=where) from None
    return None if found.year == 1 else found


def _moment(value: Any) -> datetime:
    if type(value) is str and not value.isdecimal():
        return _written(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("neither text nor number")
    seconds = float(value)
    return datetime.fromtimestamp(seconds / 1000 if abs(seconds) > _MILLISECONDS else seconds, UTC)


def moment_or_remark(value: Any, where: str) -> tuple[datetime | None, str]:
    """The same; what is no time is none, with what to say about that."""
    try:
        return moment(value, where), ""
    except Invalid as error:
        return None, odd(error)


def odd(error: Invalid) -> str:
    """What is said about an alert of which something cannot be read."""
    return f"Its source says of it what cannot be read: {error.message}"


@lru_cache(maxsize=4096)
def _written(value: str) -> datetime:
    """Kept, because alerts that come together began together."""
    found = datetime.fromisoformat(value)
    if found.tzinfo is None or found.year == 1:
        return found.replace(tzinfo=UTC)
    return found.astimezone(UTC)


def link(value: Any) -> str:
    """An address that a person may follow: http or https, else none."""
    given = text(value)
    return given if given.startswith(("https://", "http://")) and len(given) <= 2_000 else ""


def _fewer(given: Mapping[str, Any]) -> dict[str, Any]:
    """The labels that tell most, and one that marks the rest, so that what differs there stays two."""
    names = sorted(given, key=lambda name: (name not in FIRST, name))
    kept, rest = names[: LABELS - 1], names[LABELS - 1 :]
    told = json.dumps([[name, given[name]] for name in rest], sort_keys=True)
    mark = hashlib.blake2b(told.encode(), digest_size=4).hexdigest()
    return {name: given[name] for name in kept} | {LEFT_OUT: f"{len(rest)}, such as {rest[0]} ({mark})"}


def _cut(long: str, most: int) -> str:
    """The beginning and a mark of the whole, so that two long texts that begin alike stay two."""
    if len(long) <= most:
        return long
    mark = hashlib.blake2b(long.encode(), digest_size=4).hexdigest()
    return f"{long[: most - 9]}…{mark}"


def _clean(value: Any) -> Any:
    """The same without what databases refuse: zero characters and halves of characters."""
    if type(value) is str:
        whole = value.replace("\0", "\ufffd")
        return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if type(value) is list:
        return [_clean(each) for each in value]
    if type(value) is dict:
        return {_clean(name): _clean(each) for name, each in value.items()}
    return value


_NAMES = {
    dict: "an object",
    list: "a list",
    str: "text",
    int: "a number",
    float: "a number",
    bool: "a truth value",
}
