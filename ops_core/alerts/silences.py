"""Asking not to be told of alerts, by their labels, and taking that back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ops_core.alerts import events, history, matcher
from ops_core.alerts.groups import Groups
from ops_core.alerts.matcher import Matcher
from ops_core.alerts.silence import Silence, get_silence, silences_at
from ops_core.alerts.stages.keep import REJUDGE
from ops_core.errors import Conflict, Invalid
from ops_core.people import Role, Roles
from ops_core.rhythm import task
from ops_core.rhythm.task import Task
from ops_core.store.transaction import Store, Transaction

LONGEST_SILENCE = timedelta(days=30)
LONGEST_REASON = 300


class TooWide(Invalid):
    """The silence would take every alert; it needs somebody to say that this is meant."""


class Silences:
    """Silences by matchers. Those of one alert's card are made by `Alerts.silence`."""

    def __init__(self, store: Store, roles: Roles, groups: Groups) -> None:
        self.store = store
        self.roles = roles
        self.groups = groups

    def make(
        self,
        matchers: Sequence[Matcher],
        until: datetime,
        by: str,
        reason: str = "",
        *,
        everything: bool = False,
    ) -> Silence:
        """Do not tell of alerts that meet all matchers until a time.

        Raises `Invalid` for a time that cannot be, `TooWide` for matchers that leave nothing out, unless
        `everything` says that this is meant.
        """
        self.roles.require(by, Role.RESPONDER, "silence alerts")
        if not everything:
            self._must_leave_something(matchers)
        with self.store.transaction() as tx:
            silence = begin(tx, matchers, until, by, reason)
            made = events.SilenceMade(
                by=by,
                at=tx.now,
                silence=silence.id or 0,
                scope=silence.scope,
                until=until,
                reason=silence.reason,
            )
            tx.record(made)
            changed = self.groups.rejudge(tx)
        self.groups.work(changed)
        return silence

    def lift(self, number: int, by: str) -> Silence:
        """End a silence now. Raises `Conflict` when it is over already."""
        self.roles.require(by, Role.RESPONDER, "lift a silence")
        with self.store.transaction() as tx:
            silence = get_silence(tx.session, number)
            if silence.ends_at <= tx.now:
                raise Conflict(f"{silence.ref} ended at {silence.ends_at:%Y-%m-%d %H:%M} UTC already.")
            silence.ends_at, silence.lifted_by = tx.now, by
            tx.session.add(silence)
            tx.session.flush()
            tx.record(events.SilenceLifted(by=by, at=tx.now, silence=number, scope=silence.scope))
            changed = self.groups.rejudge(tx)
        self.groups.work(changed)
        return silence

    def _must_leave_something(self, matchers: Sequence[Matcher]) -> None:
        """Raise `TooWide` for what takes everything, every severity, every model, or all that there was."""
        rules, hint = self.groups.rules, "Name a model or an alertname."
        with self.store.read() as session:
            past = history.reach_of(session, rules, matchers, self.store.clock.now())
        said = f" {past.met} of the {past.told} alerts of the last 30 days would have been hushed."
        if matcher.match_everything(matchers):
            raise TooWide(f"This would silence every alert, also those of P0.{said}", hint=hint)
        if matcher.match_every(matchers, "model", list(rules.known)):
            raise TooWide(f"This would silence every model.{said}", hint=hint)
        if past.is_all:
            raise TooWide(
                f"This would have silenced everything: all {past.told} alerts of the last 30 days.", hint=hint
            )

    def held(self) -> list[Silence]:
        """Those that hold now."""
        with self.store.read() as session:
            return silences_at(session, self.store.clock.now())


def begin(tx: Transaction, matchers: Sequence[Matcher], until: datetime, by: str, reason: str) -> Silence:
    """A silence from now on, within a transaction, and the look at its end. Raises `Invalid`."""
    if not tx.now < until <= tx.now + LONGEST_SILENCE:
        raise Invalid(
            f"A silence until {until:%Y-%m-%d %H:%M} UTC cannot be.",
            hint="Choose a time from now to 30 days ahead.",
            field="until",
        )
    silence = Silence(
        matchers=matcher.dump(matchers),
        starts_at=tx.now,
        ends_at=until,
        by=by,
        reason=reason[:LONGEST_REASON],
    )
    tx.session.add(silence)
    tx.session.flush()
    task.plan(tx.session, Task(kind=REJUDGE, subject=f"alerts:{until:%Y-%m-%dT%H:%M:%S}", due_at=until))
    tx.session.flush()
    return silence
