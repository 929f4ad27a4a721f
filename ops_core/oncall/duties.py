"""Duties: what people ask to see of who is on call."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from ops_core.alerts.group import get_group
from ops_core.oncall import card, cover, escalation
from ops_core.oncall.cover import Cover
from ops_core.oncall.escalation import Escalation
from ops_core.oncall.person import Way
from ops_core.oncall.roster import OnCall, Roster
from ops_core.store.transaction import Store

AHEAD = timedelta(days=14)
MOST = 12


class Duties:
    """Reads only; every method opens its own short session."""

    def __init__(self, store: Store, roster: Roster) -> None:
        self.store = store
        self.roster = roster

    def now(self, named: str = "") -> list[dict[str, Any]]:
        """Who is on call, for one schedule or for all. Raises `NotFound` for an unknown one."""
        names = [self.roster.named(named)] if named else self.roster.names or [""]
        with self.store.read() as session:
            return [self._duty(session, name) for name in names]

    def for_alert(self, number: int) -> list[dict[str, Any]]:
        """Who is on call for an alert's model. Raises `NotFound`."""
        with self.store.read() as session:
            model = get_group(session, number).model
            return [self._duty(session, self.roster.of_model.get(model or "", self.roster.main))]

    def coming(self, named: str = "") -> dict[str, Any]:
        """The turns of the next two weeks, and the covers. Raises `NotFound` for an unknown schedule."""
        schedule = self.roster.named(named)
        now = self.store.clock.now()
        with self.store.read() as session:
            turns = self.roster.turns(session, schedule, now, now + AHEAD)
            covers = [one for one in cover.coming(session, now) if one.schedule == schedule]
            note = self.roster.on_call(session, schedule, now).note
        return {
            "schedule": schedule,
            "note": note or None,
            "turns": [
                {
                    **self._person(turn.person),
                    "starts_at": turn.starts_at,
                    "ends_at": turn.ends_at,
                    "cover": f"C-{turn.cover}" if turn.cover else None,
                }
                for turn in turns[:MOST]
            ],
            "more": max(len(turns) - MOST, 0),
            "covers": [
                {
                    **self._person(one.person),
                    "ref": one.ref,
                    "starts_at": one.starts_at,
                    "ends_at": one.ends_at,
                }
                for one in covers
            ],
        }

    def zone(self, named: str = "") -> ZoneInfo:
        """The time zone in which people speak of a schedule; UTC for one kept elsewhere."""
        found = self.roster.schedules.get(self.roster.named(named))
        return found.zone if found else ZoneInfo("UTC")

    def cover(self, made: Cover) -> dict[str, Any]:
        """A cover, as the answer shows it."""
        return card.cover(made, self.roster.people)

    def paged(self, one: Escalation) -> dict[str, Any]:
        """Whom a page by hand has called so far."""
        with self.store.read() as session:
            called = escalation.pages(session, one.number)
        people = [
            {"label": page.label, "slack": page.slack, "ways": [Way(way).label for way in page.ways]}
            for page in called
        ]
        return card.about(one) | {"paged": people}

    def ids(self, model: str | None, at: datetime) -> list[str]:
        """The Slack user ids of whoever is on call for a model."""
        with self.store.read() as session:
            on_call = self.roster.for_model(session, model, at)
        return [person.slack for person in on_call.people if person.slack]

    def _duty(self, session: Session, schedule: str) -> dict[str, Any]:
        now = self.store.clock.now()
        on_call: OnCall = self.roster.on_call(session, schedule, now)
        following = self.roster.turn(session, schedule, on_call.turn.ends_at) if on_call.turn else None
        if following and on_call.turn and following.person == on_call.turn.person:
            following = None
        label = self._person(following.person)["label"] if following else None
        return card.duty(on_call, following, label)

    def _person(self, key: str) -> dict[str, Any]:
        return card.named(self.roster.people, key)
