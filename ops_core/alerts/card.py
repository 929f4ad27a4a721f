"""What an alert's card shows, as plain values read from its row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from ops_core.alerts.alert import Alert, AlertState, silence_of
from ops_core.checks.finding import Finding, signal_label
from ops_core.incidents.card import severity
from ops_core.store import outbox


def alert_card(session: Session, alert: Alert, now: datetime) -> dict[str, Any]:
    """The values of the one card."""
    finding = alert.headline
    over = alert.state is AlertState.RESOLVED
    silence = None if over else silence_of(session, alert.model, now)
    low, high = finding.interval or (None, None)
    room = f"incident:{alert.incident_id}" if alert.incident_id else None
    return {
        "id": alert.number,
        "ref": alert.ref,
        "title": alert.title.replace(" is ", " was ") if over else alert.title,
        "state": "silenced" if silence else alert.state.value,
        "severity": severity(alert.severity),
        "model": alert.model,
        "version": alert.version,
        "check": finding.check,
        "signal": capital(signal_label(finding)),
        "value": finding.value,
        "limit": finding.limit,
        "reference": finding.reference,
        "unit": finding.unit,
        "n": finding.n,
        "interval": {"low": low, "high": high} if finding.interval else None,
        "p_value": finding.p_value,
        "since": alert.since,
        "window_start": finding.window_start,
        "window_end": finding.window_end,
        "explanation": explanation(alert),
        "acknowledged_by": alert.acknowledged_by,
        "acknowledged_at": alert.acknowledged_at,
        "silenced_until": silence.ends_at if silence else None,
        "incident_ref": f"INC-{alert.incident_id}" if alert.incident_id else None,
        "incident_channel": outbox.channel_of(session, room) if room else None,
        "chart_file": None,
        "data_or_model": finding.detail.get("origin_sentence"),
    }


def explanation(alert: Alert) -> str:
    """The headline's sentence, and what else fires."""
    found = [Finding.from_json(one) for one in alert.findings[1:]]
    others = [f"{signal_label(one)} ({one.verdict})" for one in found]
    also = f". Also {', '.join(others[:6])}{' …' if len(others) > 6 else ''}." if others else "."
    return alert.headline.explanation + also


def capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]
