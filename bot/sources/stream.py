"""What a serving process says of its answers: `{"model": "churn", "predictions": 40, "errors": 3}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sources import reading
from bot.sources.hearing import Hearing
from ops_core.errors import Invalid
from ops_core.store import storable
from ops_core.streams.counts import Counts

KNOWN = frozenset(("model", "predictions", "errors", "outcomes", "at", "version", "key"))
LONGEST = 200
"""Characters of a model's name, a version or a key."""


def parse(document: Any, hearing: Hearing) -> list[Any]:
    """One push, a list of them, or an object that holds the list as `counts`: all of it, or `Invalid`."""
    if isinstance(document, dict) and "counts" not in document:
        return [_counts(document, "counts", hearing)]
    many = document["counts"] if isinstance(document, dict) else document
    return [
        _counts(each, f"counts[{number}]", hearing)
        for number, each in enumerate(hearing.rows(many, "counts"))
    ]


def _counts(value: Any, where: str, hearing: Hearing) -> Counts:
    told = reading.record(value, where)
    unknown = sorted(told.keys() - KNOWN)
    if unknown:
        raise Invalid(
            f"{where}.{unknown[0]} is not known.",
            hint=f"Known are {', '.join(sorted(KNOWN))}.",
            field=f"{where}.{unknown[0]}",
        )
    outcomes = _outcomes(told.get("outcomes"), f"{where}.outcomes")
    return Counts(
        _model(told, where, hearing),
        _whole(told, "predictions", where, len(outcomes) if outcomes else None),
        _whole(told, "errors", where, sum(outcomes) if outcomes else None),
        reading.moment(told.get("at"), f"{where}.at") or hearing.now,
        outcomes,
        _word(told, "version", where),
        _word(told, "key", where),
        where,
    )


def _model(told: Mapping[str, Any], where: str, hearing: Hearing) -> str:
    """The model: said by the push, or by the source's labels, which speak of no other then."""
    ours = hearing.labels.get("model", "")
    said = _word(told, "model", where) or ours
    if not said:
        raise reading.wrong(f"{where}.model", "the name of a model", told.get("model"))
    if ours and said != ours:
        raise Invalid(f"{where}.model: this source speaks of {ours} alone.", field=f"{where}.model")
    return said


def _whole(told: Mapping[str, Any], name: str, where: str, counted: int | None) -> int:
    """A whole number; what the outcomes say, where it is left out."""
    value = told.get(name)
    if value is None and counted is not None:
        return counted
    if type(value) is not int:
        raise reading.wrong(f"{where}.{name}", "a whole number", value)
    return value


def _outcomes(value: Any, where: str) -> tuple[int, ...]:
    """1 for a wrong answer, 0 for a right one, in order."""
    given = reading.rows([] if value is None else value, where)
    for number, each in enumerate(given):
        if each not in (0, 1) or not isinstance(each, int):
            raise Invalid(
                f"{where}[{number}] must be 0 or 1: 1 for a wrong answer.", field=f"{where}[{number}]"
            )
    return tuple(map(int, given))


def _word(told: Mapping[str, Any], name: str, where: str) -> str:
    """A short text; a number will do, as of a version."""
    value = told.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > LONGEST:
        raise reading.wrong(f"{where}.{name}", f"text of at most {LONGEST} characters", value)
    return storable.text(str(value))
