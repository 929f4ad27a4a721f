"""Grafana alerting: its webhook contact point, which is Alertmanager's with more fields."""

from __future__ import annotations

from typing import Any

from bot.sources import alertmanager, reading
from bot.sources.hearing import Hearing
from ops_core.alerts.heard import Heard

KNOWN = alertmanager.KNOWN | {"panelURL", "dashboardURL"}


def parse(document: Any, hearing: Hearing) -> list[Heard]:
    """Every alert of the group; values, screenshots and silence links are kept as words."""
    told = reading.record(document, "the body")
    return hearing.each(told.get("alerts"), "alerts", lambda each, where: _alert(each, where, hearing))


def _alert(value: Any, where: str, hearing: Hearing) -> Heard:
    told = reading.record(value, where)
    places = ("panelURL", "dashboardURL", "generatorURL")
    url = next((name for name in places if told.get(name)), "generatorURL")
    return alertmanager.alert(told, where, hearing, url, KNOWN)
