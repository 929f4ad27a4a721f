"""The roster: who is on call for each schedule, with covers, calendars and the simplest list of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from ops_core.errors import NotFound
from ops_core.oncall import cover, fetched
from ops_core.oncall.fetched import FetchedTurns, TurnSource
from ops_core.oncall.person import People, Person
from ops_core.oncall.schedule import Schedule
from ops_core.oncall.turn import Turn, joined, laid_over

ALWAYS = timedelta(days=366)
"""How long a turn of somebody who is always on call is shown to last."""


@dataclass(frozen=True)
class OnCall:
    """Who is on call for a schedule at a moment, and until when. `note` says what is odd about it."""

    schedule: str
    people: tuple[Person, ...]
    turn: Turn | None = None
    note: str = ""


@dataclass(frozen=True)
class Roster:
    """Schedules by name, those that other systems keep (`sources`), and `always`: on call around the clock.

    `of_model` names the schedule of each model that has its own; the others have `main`.
    """

    people: People = field(default_factory=People)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    sources: Mapping[str, TurnSource] = field(default_factory=dict)
    always: Sequence[str] = ()
    of_model: Mapping[str, str] = field(default_factory=dict)
    main: str = ""

    @property
    def names(self) -> list[str]:
        """The schedules, as the settings have them."""
        return [*self.schedules, *self.sources]

    def named(self, text: str) -> str:
        """The schedule of that name; without one the main one. Raises `NotFound` with those there are."""
        wanted = text.strip() or self.main
        if wanted in self.names:
            return wanted
        known = ", ".join(self.names) or "none; add one under `oncall.schedules` in the settings"
        said = f"No schedule is called “{text}”." if text.strip() else "There is no schedule."
        raise NotFound(said, hint=f"Schedules: {known}.")

    def for_model(self, session: Session, model: str | None, at: datetime) -> OnCall:
        """Who is on call for a model, or for what concerns none."""
        return self.on_call(session, self.of_model.get(model or "", self.main), at)

    def on_call(self, session: Session, schedule: str, at: datetime) -> OnCall:
        """Who is on call for a schedule; those who always are, when it names nobody."""
        turn = self.turn(session, schedule, at)
        note = self._note(session, schedule, at)
        person = self.people.find(turn.person) if turn else None
        if person is not None:
            return OnCall(schedule, (person,), turn, note)
        if turn is not None:
            note = f"the schedule {schedule} names {turn.person}, who is not under `oncall.people`"
        elif schedule:
            note = note or f"the schedule {schedule} names nobody at this moment"
        return OnCall(schedule, tuple(self.people.get(key) for key in self.always), None, note)

    def turn(self, session: Session, schedule: str, at: datetime) -> Turn | None:
        """The turn that holds at a moment; None when there is no such schedule."""
        if schedule not in self.names:
            return None
        override = cover.holding(session, schedule, at)
        if override is None and schedule in self.schedules:
            whole = self.schedules[schedule].turn(at)
            around = self.turns(session, schedule, whole.starts_at, whole.ends_at)
        else:
            around = self.turns(session, schedule, at - fetched.AHEAD, at + fetched.AHEAD)
        return next((one for one in around if one.holds(at)), None)

    def turns(self, session: Session, schedule: str, start: datetime, end: datetime) -> list[Turn]:
        """The turns between two moments, with covers laid over them."""
        turns = self._planned(session, schedule, start, end)
        for over in cover.between(session, schedule, start, end):
            laid = Turn(over.person, max(over.starts_at, start), min(over.ends_at, end), over.id)
            turns = laid_over(turns, laid)
        return joined(turns)

    def _planned(self, session: Session, schedule: str, start: datetime, end: datetime) -> list[Turn]:
        if schedule in self.schedules:
            return self.schedules[schedule].turns(start, end)
        row = session.get(FetchedTurns, schedule)
        turns = [] if row is None else row.known()
        return [
            Turn(one.person, max(one.starts_at, start), min(one.ends_at, end))
            for one in turns
            if one.starts_at < end and one.ends_at > start
        ]

    def _note(self, session: Session, schedule: str, at: datetime) -> str:
        if schedule not in self.sources:
            return ""
        row = session.get(FetchedTurns, schedule)
        if row is None or row.fetched_at is None:
            return f"the schedule {schedule} has not been fetched yet" + (f": {row.error}" if row else "")
        if row.error or row.age(at):
            known = f"{row.fetched_at:%Y-%m-%d %H:%M} UTC"
            return f"as of {known}; since then {schedule} could not be fetched: {row.error or 'no answer'}"
        return ""
