"""PagerDuty: webhooks of version 3 about its incidents."""

from __future__ import annotations

from typing import Any

from bot.sources import reading
from bot.sources.hearing import Hearing
from ops_core.alerts.heard import Heard
from ops_core.oncall.reach import escalation_of
from ops_core.severity import Severity

FIRING = frozenset(
    f"incident.{what}"
    for what in (
        "triggered", "acknowledged", "unacknowledged", "reopened", "escalated", "delegated", "reassigned",
        "priority_updated", "service_updated",
    )
)  # fmt: skip
RESOLVED = "incident.resolved"
REOPENED = "incident.reopened"
"""It fires again, under the start that it had."""
PAGE = "tocsin_page"
"""The label of what answers a page of ours; its value is the page's key."""
ANSWERS = {"incident.acknowledged": "acknowledge", RESOLVED: "resolve"}
PRIORITIES = {"P1": Severity.P0, "P2": Severity.P1, "P3": Severity.P2, "P4": Severity.P3, "P5": Severity.P3}
"""PagerDuty's own names of priorities count from 1, highest first."""
URGENCIES = {"high": Severity.P1, "low": Severity.P3}

_KNOWN = frozenset(("id", "type", "self", "html_url", "title", "created_at", "service", "priority"))


def parse(document: Any, hearing: Hearing) -> list[Heard]:
    """The incident of an event; nothing for notes, responders, status updates and services."""
    event = reading.record(reading.record(document, "the body").get("event"), "event")
    kind = reading.text(event.get("event_type"))
    if kind != RESOLVED and kind not in FIRING:
        return []
    told = reading.record(event.get("data"), "event.data")
    key = reading.text(told.get("incident_key"))
    if escalation_of(key) is not None:
        return _answer(hearing, kind, key, event)
    at = reading.moment(event.get("occurred_at"), "event.occurred_at") or hearing.now
    service = _summary(told.get("service"))
    labels = {"alertname": "PagerDuty incident", "pagerduty_incident": told.get("id")}
    annotations = reading.rest(told, _KNOWN) | {"summary": reading.shorten(reading.text(told.get("title")))}
    heard = hearing.heard(
        reading.labels(labels | ({"service": service} if service else {}), "event.data"),
        annotations,
        reading.moment(told.get("created_at"), "event.data.created_at") or at,
        at if kind == RESOLVED else None,
        PRIORITIES.get(_summary(told.get("priority"))) or URGENCIES.get(reading.text(told.get("urgency"))),
        told.get("html_url"),
        event.get("id"),
    )
    return [heard._replace(anew=kind == REOPENED)]


def _answer(hearing: Hearing, kind: str, key: str, event: dict[str, Any]) -> list[Heard]:
    """Our own page came back: no alert, but somebody may have answered it there."""
    act = ANSWERS.get(kind)
    if act is None:
        return []
    return [hearing.heard({PAGE: key, "act": act}, {"by": _summary(event.get("agent"))}, hearing.now)]


def _summary(value: Any) -> str:
    """The name of a thing that PagerDuty refers to."""
    return reading.text(value.get("summary")) if isinstance(value, dict) else ""
