"""What an alert's card shows, as plain values read from its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from ops_core.alerts.alert import Alert, AlertState, Reason, sum_of, worst_of
from ops_core.alerts.group import AlertGroup, as_values
from ops_core.checks.finding import Finding, signal_label
from ops_core.incidents import incident
from ops_core.store import outbox

FEW = 5
"""The alerts that a card lists; the others are counted."""
MOST_LABELS = 8
LONGEST_ADDRESS = 2_000
LONGEST_WORDS = 600
"""Characters of somebody else's description on a card; all of it is behind *Evidence*."""
HIDDEN = frozenset({"alertname", "severity", "model"})
"""Labels that the card says elsewhere."""


def alert_card(session: Session, group: AlertGroup, now: datetime) -> dict[str, Any]:
    """The values of the one card."""
    over = group.state is AlertState.RESOLVED
    few = worst_of(session, group.number, None if over else AlertState.FIRING, FEW)
    many = sum_of(session, group.number).many
    firing = sum(count for (state, _), count in many.items() if state is AlertState.FIRING)
    hushed_until = None if over else _hushed_until(few, now)
    room = f"incident:{group.incident_id}" if group.incident_id else None
    return (
        as_values(group)
        | _evidence(few, group.title)
        | _listed(few, firing, sum(many.values()))
        | {
            "title": group.title.replace(" is ", " was ") if over and group.is_ours else group.title,
            "state": "silenced" if hushed_until else group.state.value,
            "version": group.version,
            "source": None if group.is_ours else group.source,
            "acknowledged_by": group.acknowledged_by,
            "acknowledged_at": group.acknowledged_at,
            "silenced_until": hushed_until,
            "flapping": group.settles_at is not None and group.settles_at > now,
            "returns": group.flaps,
            "who": list(group.people),
            "incident_ref": f"INC-{group.incident_id}" if group.incident_id else None,
            "is_declarable": incident.is_over(session, group.incident_id),
            "incident_channel": outbox.channel_of(session, room) if room else None,
            "chart_file": None,
        }
    )


def evidence_of(session: Session, group: AlertGroup) -> dict[str, Any]:
    """What a page says of it: the numbers and the sentence of the alert that leads, its labels and links."""
    found = _evidence(worst_of(session, group.number, AlertState.FIRING, FEW), group.title)
    names = ("signal", "value", "limit", "reference", "unit", "explanation", "labels", "runbook")
    return {name: found[name] for name in names}


def _hushed_until(few: list[Alert], now: datetime) -> datetime | None:
    """Until when a silence holds for all that fires; those that are told come first, so a few tell it."""
    if not few or any(one.reason is not Reason.SILENCED or not one.is_hushed(now) for one in few):
        return None
    return max(one.hushed_until for one in few if one.hushed_until)


def _evidence(few: list[Alert], title: str) -> dict[str, Any]:
    """The numbers of the finding that leads; all None for somebody else's alert."""
    first = few[0] if few else None
    finding = Finding.from_json(first.finding) if first and first.finding else None
    if first is None or finding is None:
        return _bare(first, title)
    low, high = finding.interval or (None, None)
    return {
        "check": finding.check,
        "signal": capital(signal_label(finding)),
        "value": finding.value,
        "limit": finding.limit,
        "reference": finding.reference,
        "unit": finding.unit,
        "n": finding.n,
        "interval": {"low": low, "high": high} if finding.interval else None,
        "p_value": finding.p_value,
        "window_start": finding.window_start,
        "window_end": finding.window_end,
        "explanation": explanation(few),
        "data_or_model": finding.detail.get("origin_sentence"),
        "labels": [],
        "url": None,
        "runbook": None,
        "remark": first.remark or None,
    }


def _bare(first: Alert | None, title: str) -> dict[str, Any]:
    names = ("value", "limit", "reference", "unit", "n", "interval", "p_value", "window_start", "window_end")
    labels = first.labels if first else {}
    shown = [{"name": name, "value": value} for name, value in sorted(labels.items()) if name not in HIDDEN]
    return dict.fromkeys(names) | {
        "check": first.name if first else "",
        "signal": first.name if first else "",
        "explanation": _beyond(title, first) if first else None,
        "data_or_model": None,
        "labels": shown[:MOST_LABELS],
        "url": (first.url if first else "") or None,
        "runbook": _runbook(first) if first else None,
        "remark": (first.remark if first else "") or None,
    }


def _beyond(title: str, first: Alert) -> str | None:
    """What the source says of it and the title has not said already."""
    said = first.annotations.get("description") or first.summary
    return _shortened(said) if " ".join(said.split()) not in title else None


def _runbook(first: Alert) -> str | None:
    """The address of what to do, as rules of Prometheus and Grafana name it."""
    given = first.annotations.get("runbook_url") or first.annotations.get("runbook") or ""
    return given if given.startswith(("https://", "http://")) and len(given) <= LONGEST_ADDRESS else None


def _listed(few: list[Alert], firing: int, total: int) -> dict[str, Any]:
    """The worst few of many alerts; our own are listed in the explanation."""
    listed = [] if len(few) < 2 or few[0].finding else few
    lines = [
        {
            "name": _told(one),
            "severity": one.severity.value,
            "state": one.state.value,
            "since": one.starts_at,
            "took": (one.ends_at - one.starts_at) if one.ends_at else None,
            "hushed": one.reason.value if one.reason is not Reason.TOLD else None,
        }
        for one in listed
    ]
    return {"members": lines, "firing": firing, "total": total, "more": max(total - len(few), 0)}


def _told(one: Alert) -> str:
    """What tells it from the others of its group."""
    said = one.summary or ", ".join(f"{name}={value}" for name, value in sorted(one.labels.items()))
    return _shortened(" ".join(said.split()) or one.name, 200)


def _shortened(text: str, longest: int = LONGEST_WORDS) -> str:
    """The beginning of a text that is longer."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def explanation(few: list[Alert]) -> str:
    """The headline's sentence, and what else fires."""
    found = [Finding.from_json(one.finding) for one in few[1:] if one.finding]
    others = [f"{signal_label(one)} ({one.verdict})" for one in found]
    also = f". Also {', '.join(others[:6])}{' …' if len(others) > 6 else ''}." if others else "."
    return few[0].summary + also


def capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]
