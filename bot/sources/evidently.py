"""Evidently: the JSON of a report with tests, or of a test suite; each test fires or is well."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.sources import reading
from bot.sources.hearing import Hearing
from ops_core.alerts.heard import Heard
from ops_core.severity import Severity

GRADES = {"FAIL": Severity.P1, "WARNING": Severity.P2, "ERROR": Severity.P2}
"""A test that is not critical warns where others fail; an error is a test that could not be made."""
SKIPPED = ("SKIPPED", "SKIP")


def parse(document: Any, hearing: Hearing) -> list[Heard]:
    """Every test that was made: those that passed resolve what they had raised before."""
    told = reading.record(document, "the body")
    at, remark = reading.moment_or_remark(told.get("timestamp"), "timestamp")
    return hearing.each(
        told.get("tests"),
        "tests",
        lambda each, where: _test(each, where, at or hearing.now, remark, hearing),
    )


def _test(value: Any, where: str, at: datetime, remark: str, hearing: Hearing) -> Heard | None:
    """One test. Of one whose status is none nobody knows that it is well: it fires, and says so."""
    test = reading.record(value, where)
    status = reading.text(test.get("status")).upper()
    if status in SKIPPED:
        return None  # neither well nor not
    labels = {
        "alertname": reading.text(test.get("name")) or "Evidently test",
        "test": test.get("id"),
        "column": _column(test),
    }
    over = status == "SUCCESS"
    if not over and status not in GRADES:
        statuses = ", ".join(("SUCCESS", *GRADES))
        remark = reading.odd(reading.wrong(f"{where}.status", f"one of {statuses}", test.get("status")))
    return hearing.heard(
        reading.labels({name: one for name, one in labels.items() if one}, where),
        {
            "summary": reading.shorten(reading.text(test.get("description") or test.get("name"))),
            "status": status,
        },
        at,
        at if over else None,
        GRADES.get(status),
        remark=remark,
    )


def _column(test: dict[str, Any]) -> str:
    """The column that a test is about: since version 0.7 in its metric, before that in its parameters."""
    metric = test.get("metric_config")
    places = [metric.get("params") if isinstance(metric, dict) else None, test.get("parameters")]
    found = (
        each.get(name) for each in places if isinstance(each, dict) for name in ("column", "column_name")
    )
    return next((reading.text(each) for each in found if isinstance(each, str)), "")
