"""whylogs: the report of constraints, `json.dumps(constraints.generate_constraints_report())`."""

from __future__ import annotations

from typing import Any

from bot.sources import reading
from bot.sources.hearing import Hearing
from ops_core.alerts.heard import Heard


def parse(document: Any, hearing: Hearing) -> list[Heard]:
    """Every constraint: one that failed fires, one that holds resolves what it had raised before."""
    report = document.get("report") if isinstance(document, dict) else document
    return hearing.each(report, "the report", lambda each, where: _constraint(each, where, hearing))


def _constraint(value: Any, where: str, hearing: Hearing) -> Heard:
    """A row of name, passed, failed and summary; with names of its own or, from Python's tuples, without.

    Of one whose failures are no number nobody knows that it holds: it fires, and says so.
    """
    row = (
        dict(zip(("name", "passed", "failed", "summary"), value, strict=False))
        if isinstance(value, list)
        else value
    )
    told = reading.record(row, where)
    name, failed = reading.text(told.get("name")), told.get("failed")
    if not name:
        raise reading.wrong(f"{where}.name", "a name", told.get("name"))
    is_number = isinstance(failed, int | float) and not isinstance(failed, bool)
    state = "does not hold" if failed else "holds"
    words = {
        "summary": f"{reading.shorten(name)}: {state if is_number else 'it is not known whether it holds'}"
    }
    measured = told.get("summary")
    if measured:
        words["measured"] = reading.shorten(reading.text(measured))
    return hearing.heard(
        reading.labels({"alertname": name}, where),
        words,
        ends_at=hearing.now if is_number and not failed else None,
        remark="" if is_number else reading.odd(reading.wrong(f"{where}.failed", "a number", failed)),
    )
