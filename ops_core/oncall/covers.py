"""Taking over for somebody: what people do with the schedules."""

from __future__ import annotations

from datetime import datetime, timedelta

from ops_core.errors import Invalid
from ops_core.oncall import card, cover, events
from ops_core.oncall.cover import Cover
from ops_core.oncall.handovers import Handovers
from ops_core.oncall.roster import Roster
from ops_core.people import Role, Roles
from ops_core.store.transaction import Store, Transaction

LONGEST = timedelta(days=60)


class Covers:
    """Covers of the schedules. The next handover moves with them."""

    def __init__(self, store: Store, roster: Roster, roles: Roles, handovers: Handovers) -> None:
        self.store = store
        self.roster = roster
        self.roles = roles
        self.handovers = handovers

    def take(self, schedule: str, person: str, starts_at: datetime, ends_at: datetime, by: str) -> Cover:
        """`person`, a key or a Slack user id, takes over in [`starts_at`, `ends_at`).

        A responder may do so for themselves, a commander for anybody. Raises `Invalid` for a span that
        cannot be, `NotFound` for an unknown schedule or person.
        """
        who = self.roster.people.get(person)
        self._may(by, own=who.slack == by)
        with self.store.transaction() as tx:
            starts_at = max(starts_at, tx.now)
            if not starts_at < ends_at <= tx.now + LONGEST:
                raise Invalid(
                    f"A cover from {starts_at:%Y-%m-%d %H:%M} to {ends_at:%Y-%m-%d %H:%M} UTC cannot be.",
                    hint="It ends after it starts, in the future, and within 60 days.",
                )
            made = Cover(
                schedule=self.roster.named(schedule),
                person=who.key,
                starts_at=starts_at,
                ends_at=ends_at,
                by=by,
                made_at=tx.now,
            )
            self._record(tx, made, by)
        return made

    def lift(self, number: int, by: str) -> Cover:
        """Take a cover back. Raises `NotFound`, or `Conflict` when it is over."""
        with self.store.transaction() as tx:
            made = cover.get_coming(tx.session, number, tx.now)
            who = self.roster.people.find(made.person)
            self._may(by, own=by in (made.by, who.slack if who else None))
            made.lifted_at = tx.now
            self._record(tx, made, by)
        return made

    def _may(self, by: str, *, own: bool) -> None:
        role = Role.RESPONDER if own else Role.COMMANDER
        self.roles.require(by, role, "change who is on call" if own else "put somebody else on call")

    def _record(self, tx: Transaction, made: Cover, by: str) -> None:
        tx.session.add(made)
        tx.session.flush()
        values = card.cover(made, self.roster.people)
        tx.record(events.CoverChanged(by=by, at=tx.now, schedule=made.schedule, values=values))
        self.handovers.plan(tx.session, made.schedule, tx.now)
