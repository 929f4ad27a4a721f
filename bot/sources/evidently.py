"""Evidently: the JSON of a report with tests, or of a test suite; each test fires or is well."""

from __future__ import annotations

from typing import Any

from bot.sources import reading
from bot.sources.hearing import Hearing
from ops_core.alerts.heard import Heard
from ops_core.severity import Severity

GRADES = {"FAIL": Severity.P1, "WARNING": Severity.P2, "ERROR": Severity.P2}
"""A test that is not critical warns where others fail; an error is a test that could not be made."""


def parse(document: Any, hearing: Hearing) -> list[Heard]:
    """Every test that was made: those that passed resolve what they had raised before."""
    told = reading.record(document, "the body")
    at = reading.moment(told.get("timestamp"), "timestamp") or hearing.now
    tests = hearing.rows(told.get("tests"), "tests")
    heard = [
        _test(reading.record(each, f"tests[{n}]"), f"tests[{n}]", at, hearing) for n, each in enumerate(tests)
    ]
    return [each for each in heard if each is not None]


def _test(test: dict[str, Any], where: str, at: Any, hearing: Hearing) -> Heard | None:
    status = reading.text(test.get("status")).upper()
    if status != "SUCCESS" and status not in GRADES:
        return None  # skipped: neither well nor not
    labels = {
        "alertname": reading.text(test.get("name")) or "Evidently test",
        "test": test.get("id"),
        "column": _column(test),
    }
    over = status == "SUCCESS"
    return hearing.heard(
        reading.labels({name: one for name, one in labels.items() if one}, where),
        {
            "summary": reading.shorten(reading.text(test.get("description") or test.get("name"))),
            "status": status,
        },
        at,
        at if over else None,
        GRADES.get(status),
    )


def _column(test: dict[str, Any]) -> str:
    """The column that a test is about: since version 0.7 in its metric, before that in its parameters."""
    metric = test.get("metric_config")
    places = [metric.get("params") if isinstance(metric, dict) else None, test.get("parameters")]
    found = (
        each.get(name) for each in places if isinstance(each, dict) for name in ("column", "column_name")
    )
    return next((reading.text(each) for each in found if isinstance(each, str)), "")
