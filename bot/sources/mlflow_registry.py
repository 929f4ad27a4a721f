"""MLflow's registry webhooks: somebody moved an alias, or a budget is spent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.sources import reading
from bot.sources.hearing import Hearing
from ops_core.alerts.heard import Heard
from ops_core.severity import Severity

MOVES = frozenset(("model_version_alias.created", "model_version_alias.deleted"))
"""What has happened and is over: heard to fire and to end, so that it is told once."""
EXCEEDED = "budget_policy.exceeded"
"""Fires until the budget's window ends."""

DURATIONS = {
    "MINUTES": timedelta(minutes=1),
    "HOURS": timedelta(hours=1),
    "DAYS": timedelta(days=1),
    "WEEKS": timedelta(weeks=1),
    "MONTHS": timedelta(days=31),
}

_NAMED = ("alias", "version", "budget_policy_id", "budget_unit", "target_scope")


def parse(document: Any, hearing: Hearing) -> list[Heard]:
    """The alert of an event; nothing for those that are everyday work, such as a new version."""
    told = reading.record(document, "the body")
    event = f"{reading.text(told.get('entity'))}.{reading.text(told.get('action'))}"
    if event not in MOVES and event != EXCEEDED:
        return []
    data = reading.record(told.get("data"), "data")
    at = reading.moment(told.get("timestamp"), "timestamp") or hearing.now
    named = {name: data[name] for name in _NAMED if data.get(name) is not None}
    if "name" in data:
        named["model"] = data["name"]
    labels = {"alertname": f"MLflow {event}"} | named
    words = {"summary": _summary(event, data)} | reading.rest(data, named.keys() | {"name"})
    ends = [None, at] if event in MOVES else [_window_end(data)]
    severity = Severity.P3 if event in MOVES else Severity.P2
    return [hearing.heard(reading.labels(labels, "data"), words, at, end, severity) for end in ends]


def _window_end(data: dict[str, Any]) -> datetime | None:
    """When a budget begins anew; a month is its longest."""
    begins = reading.moment(data.get("window_start"), "data.window_start")
    length, unit = data.get("duration_value"), DURATIONS.get(reading.text(data.get("duration_unit")))
    if begins is None or unit is None or type(length) is not int or not 0 < length < 1_000:
        return None
    return begins + length * unit


def _summary(event: str, data: dict[str, Any]) -> str:
    name, alias, version = (reading.text(data.get(each))[:200] for each in ("name", "alias", "version"))
    if event == "model_version_alias.created":
        return f"{name}: the alias {alias} was set to version {version} in the registry."
    if event == "model_version_alias.deleted":
        return f"{name}: the alias {alias} was deleted in the registry."
    return f"The budget {reading.text(data.get('budget_policy_id'))[:200]} is exceeded."
