"""Alerts in our own form: what `tocsin alert` sends, and what a mapping makes of any other JSON."""

from __future__ import annotations

from typing import Any

from bot.sources import reading
from bot.sources.hearing import Hearing
from ops_core.alerts.heard import Heard
from ops_core.errors import Invalid

STATES = ("firing", "resolved")
KNOWN = frozenset(
    (
        "labels",
        "annotations",
        "summary",
        "description",
        "severity",
        "status",
        "starts_at",
        "ends_at",
        "url",
        "key",
    )
)


def parse(document: Any, hearing: Hearing) -> list[Heard]:
    """One alert, a list of them, or an object that holds the list as `alerts`."""
    if isinstance(document, dict) and "alerts" not in document:
        return [_alert(document, "the alert", hearing)]
    alerts = document["alerts"] if isinstance(document, dict) else document
    return hearing.each(alerts, "alerts", lambda each, where: _alert(each, where, hearing))


def _alert(value: Any, where: str, hearing: Hearing) -> Heard:
    told = reading.record(value, where)
    labels = reading.labels(told.get("labels"), f"{where}.labels")
    if not labels and not told.get("summary"):
        raise Invalid(
            f"{where} has neither labels nor a summary.",
            hint='Say which it is: {"labels": {"alertname": "…"}}.',
        )
    state = told.get("status") or "firing"
    if state not in STATES:
        raise Invalid(f"{where}.status must be firing or resolved.", field=f"{where}.status")
    ends_at = reading.moment(told.get("ends_at"), f"{where}.ends_at")
    named = {name: told[name] for name in ("summary", "description") if told.get(name) is not None}
    annotations = reading.words(told.get("annotations"), f"{where}.annotations") | reading.words(named, where)
    word = reading.text(told.get("severity"))
    grade = hearing.grade(word)
    if word and grade is None:
        raise Invalid(
            f"{where}.severity is no severity.", hint="Use P0, P1, P2 or P3.", field=f"{where}.severity"
        )
    return hearing.heard(
        labels,
        reading.rest(told, KNOWN) | annotations,
        reading.moment(told.get("starts_at"), f"{where}.starts_at"),
        ends_at or hearing.now if state == "resolved" else ends_at,
        grade,
        told.get("url"),
        told.get("key"),
    )
