"""Prometheus Alertmanager: its webhook, version 4, and the alerts of its API, which have the same shape."""

from __future__ import annotations

from typing import Any

from bot.sources import reading
from bot.sources.hearing import Hearing
from ops_core.alerts.heard import Heard
from ops_core.errors import Invalid

KNOWN = frozenset(
    (
        "status",
        "labels",
        "annotations",
        "startsAt",
        "endsAt",
        "generatorURL",
        "fingerprint",
        "updatedAt",
        "receivers",
    )
)


def parse(document: Any, hearing: Hearing) -> list[Heard]:
    """Every alert of the group; Alertmanager repeats the whole group each time."""
    told = reading.record(document, "the body")
    version = told.get("version", "4")
    if version != "4":
        raise Invalid(f"version is {reading.text(version)[:20]}; version 4 is understood.", field="version")
    return hearing.each(told.get("alerts"), "alerts", lambda each, where: alert(each, where, hearing))


def alert(
    value: Any, where: str, hearing: Hearing, url: str = "generatorURL", known: frozenset[str] = KNOWN
) -> Heard:
    """One alert; `url` names the field with its address. Of times that are none it says so."""
    told = reading.record(value, where)
    annotations = reading.words(told.get("annotations"), f"{where}.annotations")
    if not told.keys() <= known:
        annotations = reading.rest(told, known) | annotations
    starts_at, remark = reading.moment_or_remark(told.get("startsAt"), f"{where}.startsAt")
    ends_at = None
    if told.get("status") == "resolved":
        ends_at, ended = reading.moment_or_remark(told.get("endsAt"), f"{where}.endsAt")
        ends_at, remark = ends_at or hearing.now, remark or ended
    return hearing.heard(
        reading.labels(told.get("labels"), f"{where}.labels"),
        annotations,
        starts_at,
        ends_at,
        url=told.get(url),
        key=told.get("fingerprint"),
        remark=remark,
    )
