"""Runs that somebody asked for: one that takes long is seen to proceed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel

from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.overall import overall
from ops_core.checks.progress import Progress
from ops_core.errors import NotFound, OpsError
from ops_core.rhythm.checkups import Checkups
from ops_core.store import outbox
from ops_core.store.outbox import Say, Verb
from ops_core.store.transaction import Store

PATIENCE = timedelta(seconds=2)
"""A run that is over sooner needs no message of its own."""
PACE = timedelta(seconds=1.5)
"""How often its message is edited, at most."""


class Runs:
    """Runs checks now, for a person."""

    def __init__(self, store: Store, checkups: Checkups) -> None:
        self.store = store
        self.checkups = checkups

    def run(self, named: str, room: str, by: str) -> list[Finding]:
        """Look now: `named` is `[model]` or `<check> [model]`; a long run is told in the room.

        Raises `NotFound` for a model, `Invalid` for a check that does not exist.
        """
        model, checks = self._named(named.split())
        now, what = self.store.clock.now(), " of ".join([*checks, model])
        shown = _Shown(self.store, CheckRun(what=what, by=by, room=room, started_at=now, told_at=now))
        try:
            findings = self.checkups.run(model, checks=checks, tell=shown.proceed)
        except OpsError as error:
            shown.end(error=error.message)
            raise
        shown.end(findings)
        return findings

    def _named(self, words: Sequence[str]) -> tuple[str, tuple[str, ...]]:
        """The model, and the check if one was named; a metric's short name will do."""
        world = self.checkups.world
        known = {*world.models, *world.systems}
        if not words or (len(words) == 1 and words[0] in known):
            return world.name(words[0] if words else None), ()
        if len(words) > 2:
            raise NotFound(f"“{' '.join(words)}” names no check.", hint="`/ops run [check] [model]`")
        if len(words) == 1 and "." not in words[0] and len(known) != 1:
            return world.name(words[0]), ()  # raises: it is no model, and which model is meant is open
        check = words[0] if "." in words[0] else f"performance.{words[0]}"
        return world.name(words[1] if len(words) == 2 else None), (check,)


class CheckRun(SQLModel, table=True):
    """A run that was told of, as its message shows it."""

    __tablename__ = "check_run"

    id: int | None = Field(default=None, primary_key=True)
    what: str
    by: str
    room: str
    started_at: datetime
    told_at: datetime
    progress: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    ended: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)

    @property
    def subject(self) -> str:
        """The subject of its message."""
        return f"run:{self.id}"


def run_progress(session: Session, number: int) -> dict[str, Any]:
    """The values of a run's message. Raises `NotFound`."""
    run = session.get(CheckRun, number)
    if run is None:
        raise NotFound(f"There is no run {number}.")
    blank: dict[str, Any] = {"verdict": None, "counts": [], "error": None}
    return {
        "what": run.what,
        "by": run.by,
        "took": run.told_at - run.started_at,
        "progress": run.progress,
        "over": bool(run.ended),
        **(run.ended or blank),
    }


@dataclass
class _Shown:
    """The message of one run, which is posted when it takes longer than `PATIENCE`."""

    store: Store
    run: CheckRun

    def proceed(self, progress: Progress) -> None:
        """Tell how far it has come, if it is time to."""
        pause = PATIENCE if self.run.id is None else PACE
        if self.store.clock.now() >= self.run.told_at + pause:
            self.run.progress = progress.to_json()
            self._say()

    def end(self, findings: Sequence[Finding] = (), error: str = "") -> None:
        """Tell how it ended, if it was told at all."""
        if self.run.id is None:
            return
        counts = Counter(each.verdict for each in findings)
        told = [[verdict.value, counts[verdict]] for verdict in reversed(Verdict) if counts[verdict]]
        verdict = overall(findings).value
        self.run.ended = {"verdict": verdict, "counts": told, "error": error or None}
        self._say()

    def _say(self) -> None:
        verb = Verb.POST if self.run.id is None else Verb.EDIT
        with self.store.transaction() as tx:
            self.run.told_at = tx.now
            tx.session.add(self.run)
            tx.session.flush()
            tx.rooms.update(
                outbox.put(tx.session, [Say(self.run.room, verb, subject=self.run.subject)], tx.now)
            )
