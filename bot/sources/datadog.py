"""Datadog: its webhook integration, whose payload the team writes; README has the one that says most."""

from __future__ import annotations

import re
from typing import Any

from bot.sources import reading
from bot.sources.hearing import Hearing
from ops_core.alerts.heard import Heard
from ops_core.errors import Invalid
from ops_core.severity import Severity

PRIORITIES = {"P1": Severity.P0, "P2": Severity.P1, "P3": Severity.P2, "P4": Severity.P3, "P5": Severity.P3}
"""Datadog counts from 1, highest first."""
TELLING = ("model", "service", "team", "env")
"""The tags that say whom it concerns; all others are words, because they may change while it fires."""

_PREFIX = re.compile(
    r"^\s*(?:\[(?P<priority>P[1-5])\]\s*)?"
    r"\[(?P<transition>(?:Re-)?(?:Triggered|Warn|No Data|Recovered|Renotify)[^\]{]*)"
    r"(?:\{(?P<scope>[^}]*)\})?[^\]]*\]\s*",
    re.I,
)
"""How a title begins: "[P2] [Triggered on {host:a}] ", without the braces when it is about everything."""
_MARKS = re.compile(r"^[ \t]*%%%[ \t]*$|@webhook-\S+[ \t]*", re.M)
"""Datadog's own: where its Markdown begins and ends, and who is told."""
_KNOWN = frozenset(
    (
        "alert_id",
        "alert_title",
        "alert_transition",
        "alert_scope",
        "alert_priority",
        "alert_cycle_key",
        "aggreg_key",
    )
) | {"title", "event_title", "body", "event_msg", "date", "link", "tags", "id"}


def parse(document: Any, hearing: Hearing) -> list[Heard]:
    """The one alert of a request."""
    told = {name: each for name, each in reading.record(document, "the body").items() if _given(each)}
    title = reading.text(told.get("alert_title") or told.get("event_title") or told.get("title"))
    if prefix := _PREFIX.match(title):
        title = title[prefix.end() :]
        said = {f"alert_{name}": each for name, each in prefix.groupdict().items() if each}
        told = said | told
    transition = reading.text(told.get("alert_transition"))
    if not transition:
        raise Invalid(
            "alert_transition is missing, so nobody can tell whether it fires.",
            hint="Use the payload that README shows for Datadog.",
            field="alert_transition",
        )
    at = reading.moment(told.get("date"), "date") or hearing.now
    over = "recovered" in transition.lower()
    return [
        hearing.heard(
            _labels(told, title),
            _annotations(told, title),
            at,
            at if over else None,
            _severity(told, transition),
            told.get("link"),
            told.get("alert_cycle_key") or told.get("aggreg_key") or told.get("id"),
        )
    ]


def _given(value: Any) -> bool:
    """Whether a variable was filled in: Datadog writes "null", or leaves "$ALERT_SCOPE" as it is."""
    return value is not None and value not in ("", "null") and not str(value).startswith("$")


def _labels(told: dict[str, Any], title: str) -> dict[str, str]:
    scope = {} if told.get("alert_scope") == "*" else _tags(told.get("alert_scope"))
    tags = _tags(told.get("tags"))
    found = {name: tags[name] for name in TELLING if name in tags} | scope
    if "alert_id" in told:
        found["monitor"] = reading.text(told["alert_id"])
    return reading.labels({"alertname": title.strip() or "Datadog monitor"} | found, "the body")


def _annotations(told: dict[str, Any], title: str) -> dict[str, str]:
    known = {
        "summary": title,
        "description": _MARKS.sub("", reading.text(told.get("body") or told.get("event_msg"))).strip(),
        "tags": told.get("tags"),
    }
    return reading.rest(told, _KNOWN) | reading.words(
        {name: one for name, one in known.items() if one}, "the body"
    )


def _tags(value: Any) -> dict[str, str]:
    """The tags of "host:a, role:b"; the first of a name, and no more than fit."""
    pairs = (
        each.strip().partition(":")
        for each in reversed(reading.text(value).split(",")[: reading.LABELS - 10])
    )
    return {name: one for name, colon, one in pairs if colon and name and one}


def _severity(told: dict[str, Any], transition: str) -> Severity | None:
    if transition.lower().removeprefix("re-").startswith(("warn", "no data")):
        return Severity.P2
    return PRIORITIES.get(reading.text(told.get("alert_priority")).upper())
