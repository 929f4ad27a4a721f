"""whylogs: the report of constraints, `json.dumps(constraints.generate_constraints_report())`."""

from __future__ import annotations

from typing import Any

from bot.sources import reading
from bot.sources.hearing import Hearing
from ops_core.alerts.heard import Heard


def parse(document: Any, hearing: Hearing) -> list[Heard]:
    """Every constraint: one that failed fires, one that holds resolves what it had raised before."""
    report = document.get("report") if isinstance(document, dict) else document
    constraints = hearing.rows(report, "the report")
    return [_constraint(each, f"constraint {number + 1}", hearing) for number, each in enumerate(constraints)]


def _constraint(value: Any, where: str, hearing: Hearing) -> Heard:
    """A row of name, passed, failed and summary; with names of its own or, from Python's tuples, without."""
    row = (
        dict(zip(("name", "passed", "failed", "summary"), value, strict=False))
        if isinstance(value, list)
        else value
    )
    told = reading.record(row, where)
    name, failed = reading.text(told.get("name")), told.get("failed")
    if not name or isinstance(failed, bool) or not isinstance(failed, int):
        raise reading.wrong(
            where, "a name with numbers of passed and failed", None if failed is None else value
        )
    words = {"summary": f"{reading.shorten(name)}: {'does not hold' if failed else 'holds'}"}
    measured = told.get("summary")
    if measured:
        words["measured"] = reading.shorten(reading.text(measured))
    return hearing.heard(
        reading.labels({"alertname": name}, where), words, ends_at=None if failed else hearing.now
    )
