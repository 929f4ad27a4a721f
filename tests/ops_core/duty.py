"""A house in which people are on call: three who take turns, and the ladder above them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import func, select

from ops_core.errors import Unavailable
from ops_core.oncall import escalation
from ops_core.oncall.covers import Covers
from ops_core.oncall.duties import Duties
from ops_core.oncall.escalation import STEP
from ops_core.oncall.fetched import TurnSource
from ops_core.oncall.fetching import Fetching
from ops_core.oncall.handovers import HANDOVER, Handovers
from ops_core.oncall.listening import react
from ops_core.oncall.pages import Pages
from ops_core.oncall.person import People, Person, Way
from ops_core.oncall.policy import RUNBOOK, Policy
from ops_core.oncall.roster import Roster
from ops_core.oncall.rotation import Rotation
from ops_core.oncall.schedule import Schedule
from ops_core.oncall.turn import Turn
from ops_core.people import Role, Roles
from ops_core.rhythm.task import Task, TaskState
from ops_core.store.database import Database
from ops_core.store.outbox import OutboxRow, Verb
from tests.ops_core.stand_ins import HOUR
from tests.ops_core.world import ANN, BOB, CAM, VIC, House

MINUTE = timedelta(minutes=1)
LEE, MAX = "U0LEE", "U0MAX"
BERLIN = ZoneInfo("Europe/Berlin")
BOTH = (Way.SLACK, Way.EMAIL)
PEOPLE = People(
    {
        "ann": Person("ann", "Ann", ANN, "ann@x.test", ways=(Way.SLACK,)),
        "bob": Person("bob", "Bob", BOB, "bob@x.test", ways=(Way.SLACK,)),
        "cam": Person("cam", "Cam", CAM, "cam@x.test", ways=(*BOTH, Way.PAGERDUTY)),
        "lead": Person("lead", "Lee", LEE, "lee@x.test", "+491", ways=(Way.SLACK, Way.SMS)),
        "manager": Person("manager", "Max", MAX, ways=(Way.SLACK,)),
        "vp": Person("vp", "Vera", None, "vera@x.test", ways=(Way.EMAIL,)),
        "compliance": Person("compliance", "Cleo", None, "cleo@x.test", ways=(Way.EMAIL,)),
    }
)
WEEKLY = Rotation(("cam", "ann", "bob"), datetime(2026, 11, 16, 9))  # noqa: DTZ001 - local, as people write it


class Elsewhere:
    """A schedule that another system keeps; `turns_known` is what it says, unless it is `away`."""

    def __init__(self) -> None:
        self.turns_known: list[Turn] = []
        self.away = False

    def turns(self, start: datetime, end: datetime) -> list[Turn]:
        """What it says."""
        if self.away:
            raise Unavailable("PagerDuty did not answer.")
        return [turn for turn in self.turns_known if turn.starts_at < end and turn.ends_at > start]


class DutyHouse(House):
    """A house whose alerts and incidents page people. It is Friday, and Cam's week in Berlin."""

    def __init__(
        self, database: Database, policies: tuple[Policy, ...] = RUNBOOK, people: People = PEOPLE
    ) -> None:
        super().__init__(database)
        self.elsewhere = Elsewhere()
        sources: dict[str, TurnSource] = {"pd": self.elsewhere}
        schedules = {"ml": Schedule("ml", BERLIN, (WEEKLY,))}
        self.roster = Roster(people, schedules, sources, always=(BOB,), main="ml")
        self.duty_roles = Roles({VIC: Role.VIEWER, MAX: Role.COMMANDER})
        self.pages = Pages(self.store, self.roster, policies, self.duty_roles, self.alerts.acknowledge)
        self.store.react = partial(react, self.pages)
        self.handovers = Handovers(self.store, self.roster)
        self.covers = Covers(self.store, self.roster, self.duty_roles, self.handovers)
        self.fetching = Fetching(self.store, self.roster, self.handovers)
        self.duties = Duties(self.store, self.roster)
        self.tasks |= {STEP: self.pages.step, HANDOVER: self.handovers.hand_over}

    def paged(self) -> list[str]:
        """Who was paged, in order."""
        return [page.person for page in self.rows(escalation.Page)]

    def run(self, span: timedelta) -> list[str]:
        """Let time pass by whole minutes; who was paged meanwhile, each with the minutes since now."""
        start, before = self.clock.now(), len(self.paged())
        while self.clock.now() < start + span:
            self.pass_time(MINUTE * self._minutes(start + span))
        pages = self.rows(escalation.Page)[before:]
        return [f"{page.person} {(page.at - start) // MINUTE}" for page in pages]

    def _minutes(self, end: datetime) -> int:
        """How many until something is due or the end has come: in those between nothing happens."""
        with self.store.read() as session:
            query = select(func.min(Task.due_at)).where(Task.state == TaskState.WAITING)
            soonest = session.exec(query).one()
        until = end if soonest is None else min(soonest, end)
        return max(1, -((self.clock.now() - until) // MINUTE))

    def notices(self) -> list[str]:
        """What goes by other ways than Slack, as `person way act`."""
        rows: list[OutboxRow] = [row for row in self.rows(OutboxRow) if row.verb is Verb.PAGE]
        return [f"{row.room.split(':')[1]} {row.context['way']} {row.context['act']}" for row in rows]


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026; the 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


__all__ = ["ANN", "BOB", "CAM", "HOUR", "LEE", "MAX", "VIC", "DutyHouse", "Turn", "utc"]
