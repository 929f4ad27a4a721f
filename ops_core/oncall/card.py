"""What messages show of pages and schedules, as plain values read from rows."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from ops_core.alerts.card import evidence_of
from ops_core.alerts.group import get_group
from ops_core.errors import NotFound
from ops_core.incidents import incident
from ops_core.incidents.card import severity
from ops_core.oncall import escalation, steps
from ops_core.oncall.cover import Cover
from ops_core.oncall.escalation import Escalation, Page
from ops_core.oncall.person import People, Way
from ops_core.oncall.roster import OnCall
from ops_core.oncall.turn import Turn
from ops_core.store import outbox


def page_card(session: Session, number: int) -> dict[str, Any]:
    """The values of the direct message that pages somebody. Raises `NotFound`."""
    page = session.get(Page, number)
    if page is None:
        raise NotFound(f"There is no page {number}.")
    one = escalation.get(session, page.escalation_id)
    others = [each for each in escalation.pages(session, one.number) if each.person != page.person]
    return (
        about(one)
        | {
            "id": one.number,
            "at": page.at,
            "step": page.step,
            "also": [_paged(each) for each in others],
            "acknowledged_by": one.acknowledged_by,
            "acknowledged_at": one.acknowledged_at,
            "ended_at": one.ended_at,
            "ended_because": one.ended_because or None,
            "channel": outbox.channel_of(session, f"incident:{one.incident_id}") if one.incident_id else None,
        }
        | _about_alert(session, one)
    )


def _about_alert(session: Session, one: Escalation) -> dict[str, Any]:
    """The evidence of the alert that it is about, and where its card stands once it does."""
    noun, _, number = one.subject.partition(":")
    named = incident.get(session, one.incident_id).alert_group_id if one.incident_id else None
    group = get_group(session, named or int(number)) if named or noun == "alert" else None
    if group is None:
        return {"evidence": None, "card": None}
    row = outbox.posted(session, group.card)
    card = {"channel": row.channel, "ts": row.ts} if row is not None and row.ts else None
    return {"evidence": evidence_of(session, group), "card": card}


def notice_of(session: Session, page: Page, act: str) -> dict[str, Any]:
    """The values of the plain text that goes by the other ways, besides the names of people."""
    return page_card(session, page.id or 0) | {"act": act}


def about(one: Escalation) -> dict[str, Any]:
    """What every message about a page may need."""
    return {
        "ref": one.ref,
        "title": one.title,
        "severity": severity(one.severity),
        "model": one.model,
        "started_by": one.started_by,
        "by_hand": one.by_hand,
    }


def escalation_of(session: Session, incident: int) -> dict[str, Any] | None:
    """Who was paged about an incident and who is next, for its card; None when there is nobody."""
    of = escalation.of_incident(session, incident)
    paged = [page for one in of for page in escalation.pages(session, one.number)]
    coming = [due for one in of for due in escalation.next_steps(session, one)]
    if not paged and not coming:
        return None
    latest = {page.person: page for page in paged}
    soonest = min(coming, key=lambda due: due.due_at, default=None)
    following = None
    if soonest is not None:
        planned = steps.load(soonest)
        who = ", ".join(name.replace("_", " ") for name in planned.page)
        following = {"who": who, "at": soonest.due_at, "unless": planned.until.value}
    return {"paged": [_paged(page) for page in latest.values()], "next": following}


def duty(on_call: OnCall, following: Turn | None, following_label: str | None) -> dict[str, Any]:
    """Who is on call for a schedule, and who is next."""
    return {
        "schedule": on_call.schedule or None,
        "people": [
            {"slack": one.slack, "label": one.label, "ways": [way.label for way in one.ways]}
            for one in on_call.people
        ],
        "until": on_call.turn.ends_at if on_call.turn else None,
        "cover": f"C-{on_call.turn.cover}" if on_call.turn and on_call.turn.cover else None,
        "note": on_call.note or None,
        "next": {"label": following_label, "at": following.starts_at} if following else None,
    }


def cover(made: Cover, people: People) -> dict[str, Any]:
    """A cover: who, for which schedule, and when."""
    span = {"starts_at": made.starts_at, "ends_at": made.ends_at, "lifted": made.lifted_at is not None}
    return {"ref": made.ref, "schedule": made.schedule} | named(people, made.person) | span


def named(people: People, key: str) -> dict[str, Any]:
    """A person as messages name them; somebody whom the settings have no more is their key."""
    found = people.find(key)
    return {"slack": found.slack if found else None, "label": found.label if found else key}


def _paged(page: Page) -> dict[str, Any]:
    failed = [Way(way).label for way in page.failed]
    return {"slack": page.slack, "label": page.label, "at": page.at, "failed": failed}
