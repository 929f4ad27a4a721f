"""Eleventh stage: whether people are told, and how: a card of its own, or a line of a storm's digest."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from sqlalchemy import Executable, bindparam
from sqlmodel import Session, SQLModel, col, func, select

from ops_core.alerts import events
from ops_core.alerts.alert import AlertState
from ops_core.alerts.group import AlertDigest, Outcome
from ops_core.alerts.stages.weigh import shape_in_digest
from ops_core.alerts.telling import Telling
from ops_core.incidents import incident
from ops_core.people import TOCSIN
from ops_core.severity import Severity

STORM = timedelta(minutes=1)
"""The time in which new groups are counted."""


def notify(telling: Telling) -> None:
    """Tell what is new once, and of what was told what changed."""
    group = telling.group
    if not group.was_told:
        with telling.tx.session.no_autoflush:  # what is asked is about other groups; this one is written once
            _first_word(telling)
    elif group.state is not AlertState.RESOLVED and group.shape != telling.before:
        _further_word(telling)


def _first_word(telling: Telling) -> None:
    group, now = telling.group, telling.tx.now
    over = group.state is AlertState.RESOLVED
    if not telling.audible and not (over and telling.heard_firing):
        group.outcome = Outcome.HUSHED
        return
    group.outcome, group.told_at = Outcome.TOLD, now
    group.incident_id = group.incident_id or _at_work(telling)
    if is_storm(telling) and group.severity is not Severity.P0:
        group.outcome, group.digest_id = Outcome.DIGESTED, _digest(telling)
        group.shape = shape_in_digest(telling)
    fired = events.GroupFired(
        by=TOCSIN,
        at=now,
        group=group.number,
        in_incident=group.incident_id,
        title=group.title,
        severity=group.severity,
        model=group.model,
        policies=tuple(group.policies),
    )
    telling.events.insert(0, fired)


def _at_work(telling: Telling) -> int | None:
    """The open incident of what is the same and came back, unless that is taken for milder than this."""
    session, group = telling.tx.session, telling.group
    number = session.connection().execute(_incidents(), {"key": group.key, "other": group.id}).scalar()
    if number is None or incident.is_over(session, number):
        return None
    return number if incident.get(session, number).severity <= group.severity else None


@cache
def _incidents() -> Executable:
    """The incident of what is the same, the last one first. Made once, which takes longer than to ask."""
    table = SQLModel.metadata.tables["alert_group"].c
    same = (table.key == bindparam("key"), table.id != bindparam("other"), table.incident_id.is_not(None))
    return select(table.incident_id).where(*same).order_by(table.id.desc()).limit(1)


def _further_word(telling: Telling) -> None:
    """In a storm the cards wait, so that the digest stays current; what is critical, or worse, does not."""
    group, now = telling.group, telling.tx.now
    urgent = group.severity is Severity.P0 or telling.rose or telling.fell or telling.returned
    if group.digest_id is None and not urgent and is_storm(telling):
        group.shape = telling.before
        telling.later = True
        return
    telling.events.append(
        events.GroupChanged(
            by=TOCSIN,
            at=now,
            group=group.number,
            in_incident=group.incident_id,
            hushed=_hushed(telling),
            rose=telling.rose,
            fell=telling.fell,
            returned=telling.returned,
        )
    )


def _hushed(telling: Telling) -> str:
    """Why nothing of it is told any more; nothing while something is."""
    return telling.lead.reason.value if telling.lead and telling.firing and not telling.audible else ""


def is_storm(telling: Telling) -> bool:
    """Whether more groups began in the last minute than a person can follow one by one."""
    begun = telling.tx.session.connection().execute(_begun(), {"since": telling.tx.now - STORM})
    return int(begun.scalar_one()) > telling.rules.digest_above


@cache
def _begun() -> Executable:
    """How many groups began since a moment. Made once."""
    fired_at = SQLModel.metadata.tables["alert_group"].c.fired_at
    return select(func.count()).where(fired_at > bindparam("since"))


def _digest(telling: Telling) -> int:
    """The digest of this storm; a new one after a minute without a new group."""
    session, now = telling.tx.session, telling.tx.now
    digest = latest_digest(session)
    if digest is None or digest.last_at <= now - STORM:
        digest = AlertDigest(opened_at=now, last_at=now)
    digest.last_at = now
    session.add(digest)
    session.flush()
    return int(digest.id or 0)


def latest_digest(session: Session) -> AlertDigest | None:
    """The last digest that was begun."""
    return session.exec(select(AlertDigest).order_by(col(AlertDigest.id).desc()).limit(1)).first()
