"""The digest: one message for the many groups of a storm, with the first sight of each."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, func, select

from ops_core.alerts.alert import Alert, AlertState
from ops_core.alerts.group import AlertDigest, AlertGroup
from ops_core.errors import NotFound

MOST_LINES = 100
"""Groups that a digest shows; the others are counted."""
PAGE = 10
"""Lines that fit into one section, however long their words."""


def digest_card(session: Session, number: int) -> dict[str, Any]:
    """The values of a digest. Raises `NotFound`."""
    digest = session.get(AlertDigest, number)
    if digest is None:
        raise NotFound(f"There is no digest {number}.")
    groups = list(session.exec(select(AlertGroup).where(AlertGroup.digest_id == number)))
    groups.sort(key=lambda group: (group.state is AlertState.RESOLVED, group.severity, group.number))
    firing = _firing(session, number)
    lines = [_line(group, firing.get(group.number, 0)) for group in groups[:MOST_LINES]]
    return {
        "opened_at": digest.opened_at,
        "last_at": digest.last_at,
        "firing": sum(1 for group in groups if group.state is not AlertState.RESOLVED),
        "total": len(groups),
        "alerts": sum(firing.values()),
        "worst": lines[0] if lines else None,
        "pages": [{"groups": lines[at : at + PAGE]} for at in range(0, len(lines), PAGE)],
        "more": max(len(groups) - MOST_LINES, 0),
    }


def _firing(session: Session, number: int) -> dict[int, int]:
    """How many alerts fire, by group."""
    query = (
        select(Alert.group_id, func.count())
        .join(AlertGroup, col(AlertGroup.id) == Alert.group_id)
        .where(AlertGroup.digest_id == number, Alert.state == AlertState.FIRING)
        .group_by(col(Alert.group_id))
    )
    rows: list[tuple[int, int]] = list(session.exec(query))
    return dict(rows)


def _line(group: AlertGroup, firing: int) -> dict[str, Any]:
    short = group.title if len(group.title) <= 80 else f"{group.title[:79]}…"
    return {
        "ref": group.ref,
        "title": short,
        "severity": {"code": group.severity.value},
        "state": group.state.value,
        "firing": firing,
        "incident_ref": f"INC-{group.incident_id}" if group.incident_id else None,
    }
