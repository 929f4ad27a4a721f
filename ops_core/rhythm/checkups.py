"""The checkup: look at a model now, remember what was found, and alert if that needs a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.alerts.alerts import Alerts
from ops_core.alerts.found import by_prominence, open_group
from ops_core.alerts.group import findings as findings_of
from ops_core.checks.cadence import Cadence
from ops_core.checks.finding import Finding
from ops_core.checks.progress import Tell, untold
from ops_core.checks.signal_catalogue import SIGNAL_CHECKS
from ops_core.checks.signal_check import Look
from ops_core.checks.watch import Watched
from ops_core.errors import Invalid, OpsError
from ops_core.people import TOCSIN
from ops_core.remediation import events as remediation
from ops_core.remediation import ledger
from ops_core.remediation.ledger import OUTSIDE, AliasMove
from ops_core.remediation.rollback import is_moving
from ops_core.rhythm import events
from ops_core.signals.watch import run_signal_checks
from ops_core.store.transaction import Store
from ops_core.world import World

Draw = Callable[[Watched, Finding], bytes | None]
"""Draws the chart of a finding as PNG; None when there is nothing to draw."""


class LatestFinding(SQLModel, table=True):
    """What the last run of each check said."""

    __tablename__ = "latest_finding"

    fingerprint: str = Field(primary_key=True)
    model: str = Field(index=True)
    check: str
    at: datetime
    finding: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Trouble(SQLModel, table=True):
    """A model whose checks cannot run: nobody watches it."""

    __tablename__ = "trouble"

    model: str = Field(primary_key=True)
    since: datetime
    said: str
    hint: str = ""
    failures: int = 1


@dataclass(frozen=True)
class Turn:
    """Which checks a checkup is about, and who is told how far it has come."""

    cadence: Cadence | None = None
    checks: tuple[str, ...] = ()
    tell: Tell = untold


class Checkups:
    """Runs the configured checks of a model against what serves now."""

    def __init__(self, store: Store, world: World, alerts: Alerts, draw: Draw) -> None:
        self.store = store
        self.world = world
        self.alerts = alerts
        self.draw = draw

    def run(
        self,
        model: str,
        cadence: Cadence | None = None,
        *,
        checks: Sequence[str] = (),
        tell: Tell = untold,
    ) -> list[Finding]:
        """One checkup of a model or a system: of the checks with a cadence, of those named, or of all.

        What cannot be looked at is said once, and raised each time. A name that is wrong is only raised.
        """
        name, turn = self.world.name(model), Turn(cadence, tuple(checks), tell)
        watched = self.world.models.get(name)
        try:
            findings = self._dated(name, self._look(name, turn))
        except Invalid:
            raise  # what was asked for is wrong, not what is watched
        except OpsError as error:
            self._stumble(name, error)
            raise
        self._recover(name)
        self._remember(name, findings)
        chart = self._chart(watched, findings) if watched else None
        self.alerts.receive(name, findings, chart, lambda check: self._has_turn(watched, check, turn))
        return findings

    def hear(self, model: str, findings: Sequence[Finding]) -> None:
        """Findings of a model that were made between the looks: remembered, and told as those of a look."""
        dated = self._dated(model, findings)
        self._remember(model, dated)
        judged = {each.check for each in dated}
        self.alerts.receive(model, dated, None, lambda check: check in judged)

    def _has_turn(self, watched: Watched | None, check: str, turn: Turn) -> bool:
        if turn.checks:
            return check in turn.checks
        return watched is None or turn.cadence in (None, self.world.judge.cadence(watched, check))

    def _look(self, name: str, turn: Turn) -> list[Finding]:
        watched = self.world.models.get(name)
        if watched is None:
            return self._read(name, None, turn)
        live = self.world.registry.live(watched.name, watched.alias)
        since = self._observe(watched, live.version)
        rows = tuple(check for check in turn.checks if check not in SIGNAL_CHECKS)
        found = self._read(name, live.version, turn)
        if turn.checks and not rows:
            return found
        return [*self._judge(watched, live.version, since, replace(turn, checks=rows)), *found]

    def _judge(self, watched: Watched, version: str, since: datetime | None, turn: Turn) -> list[Finding]:
        return self.world.judge.judge(
            watched,
            checks=turn.checks,
            version=version,
            since=since,
            cadence=turn.cadence,
            window=turn.cadence.window if turn.cadence else None,
            tell=turn.tell,
        )

    def _read(self, name: str, version: str | None, turn: Turn) -> list[Finding]:
        if turn.cadence not in (None, Cadence.LIVE):
            return []
        look = Look(name, self.store.clock.now(), version)
        found = run_signal_checks(self.world.plan(name), look)
        return [one for one in found if not turn.checks or one.check in turn.checks]

    def _observe(self, watched: Watched, version: str) -> datetime | None:
        """Note a move that somebody else made; a rollback notes its own, a moment after it made them.

        Returns since when this version serves, if it served before: its earlier rows must not hide or
        heal what it does now.
        """
        with self.store.transaction() as tx:
            move = AliasMove(
                model=watched.name, alias=watched.alias, to_version=version, at=tx.now, by=OUTSIDE, why="seen"
            )
            if not is_moving(tx.session, watched.name) and ledger.observe(tx.session, move):
                tx.record(
                    remediation.AliasMoved(
                        by=TOCSIN,
                        at=tx.now,
                        model=watched.name,
                        alias=watched.alias,
                        from_version=move.from_version,
                        to_version=version,
                    )
                )
            return ledger.again_since(tx.session, watched.name, watched.alias, version)

    def _chart(self, watched: Watched, findings: Sequence[Finding]) -> bytes | None:
        """The chart of the finding that leads, when it is not the one that led before."""
        alarming = by_prominence(findings)
        with self.store.read() as session:
            alert = open_group(session, watched.name)
            before = findings_of(session, alert)[:1] if alert else []
        if not alarming or (before and _same(before[0], alarming[0])):
            return None
        try:
            return self.draw(watched, alarming[0])
        except OpsError:
            return None  # a card without its chart is better than no card

    def _dated(self, model: str, findings: Sequence[Finding]) -> list[Finding]:
        """Alarms whose data cannot tell since when: since the first look in a row that raised them."""
        with self.store.read() as session:
            before = {each.fingerprint: each for each in latest(session, model)}
        return [_since_seen(each, before.get(each.fingerprint)) for each in findings]

    def _remember(self, model: str, findings: Sequence[Finding]) -> None:
        with self.store.database.write() as session:
            now = self.store.clock.now()
            for finding in findings:
                session.merge(
                    LatestFinding(
                        fingerprint=finding.fingerprint,
                        model=model,
                        check=finding.check,
                        at=now,
                        finding=finding.to_json(),
                    )
                )

    def _stumble(self, model: str, error: OpsError) -> None:
        with self.store.transaction() as tx:
            trouble = tx.session.get(Trouble, model)
            if trouble:
                trouble.failures += 1
                tx.session.add(trouble)
                return
            trouble = Trouble(model=model, since=tx.now, said=error.message, hint=error.hint)
            tx.session.add(trouble)
            tx.record(_troubled(trouble, tx.now, None))

    def _recover(self, model: str) -> None:
        with self.store.read() as session:
            if session.get(Trouble, model) is None:
                return
        with self.store.transaction() as tx:
            trouble = tx.session.get(Trouble, model)
            if trouble:
                tx.session.delete(trouble)
                tx.record(_troubled(trouble, tx.now, tx.now))


def _since_seen(now: Finding, before: Finding | None) -> Finding:
    if before is None or not (now.verdict.is_alarming and before.verdict.is_alarming) or now.since:
        return now
    since = before.since or before.window_end
    return replace(
        now, since=since, explanation=f"{now.explanation}; first seen {since:%H:%M} UTC on {since:%d %B}"
    )


def _same(one: Finding, other: Finding) -> bool:
    return (one.check, one.verdict) == (other.check, other.verdict)


def latest(session: Session, model: str | None = None) -> list[Finding]:
    """What each check last said, in the order of models and checks."""
    query = select(LatestFinding).order_by(col(LatestFinding.model), col(LatestFinding.check))
    if model is not None:
        query = query.where(LatestFinding.model == model)
    return [Finding.from_json(row.finding) for row in session.exec(query)]


def troubles(session: Session) -> list[Trouble]:
    """The models that nobody watches right now."""
    return list(session.exec(select(Trouble)))


def _troubled(trouble: Trouble, now: datetime, recovered_at: datetime | None) -> events.CheckTroubled:
    values = {
        "name": "checkup",
        "model": trouble.model,
        "since": trouble.since,
        "said": trouble.said,
        "hint": trouble.hint or None,
        "failures": trouble.failures,
        "recovered_at": recovered_at,
    }
    return events.CheckTroubled(by=TOCSIN, at=now, model=trouble.model, values=values)
