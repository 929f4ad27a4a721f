"""The roster: covers, schedules kept elsewhere, and handovers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ops_core.errors import Conflict, Forbidden, Invalid, NotFound
from ops_core.oncall.handovers import HANDOVER
from ops_core.oncall.roster import OnCall
from ops_core.severity import Severity
from ops_core.store.database import Database
from ops_core.store.outbox import OutboxRow
from tests.ops_core.duty import ANN, BOB, CAM, HOUR, MAX, VIC, DutyHouse, Turn, utc
from tests.ops_core.stand_ins import NOW

MONDAY = utc(23, 8)
"""Handover in Berlin, at nine."""


@pytest.fixture
def duty(database: Database) -> DutyHouse:
    """A house in which Cam is on call until Monday, then Ann."""
    return DutyHouse(database)


def on_call(duty: DutyHouse, schedule: str = "ml") -> OnCall:
    """Who is on call now."""
    found: OnCall = duty.read(duty.roster.on_call, schedule, duty.clock.now())
    return found


def keys(found: OnCall) -> list[str]:
    """Who that is."""
    return [person.key for person in found.people]


def handovers(duty: DutyHouse) -> list[OutboxRow]:
    """The posts of handovers."""
    return [row for row in duty.rows(OutboxRow) if row.template == "shift_handover"]


def test_a_cover_holds_for_its_time_only(duty: DutyHouse) -> None:
    """Before and after it the rotation decides."""
    made = duty.covers.take("", ANN, NOW + HOUR, NOW + 3 * HOUR, by=ANN)
    found = [keys(duty.read(duty.roster.on_call, "ml", NOW + hours * HOUR))[0] for hours in range(5)]
    assert found == ["cam", "ann", "ann", "cam", "cam"] and made.ref == "C-1"


def test_the_last_cover_counts_and_can_be_lifted(duty: DutyHouse) -> None:
    """Whoever made it may take it back."""
    duty.covers.take("ml", ANN, NOW, NOW + 4 * HOUR, by=ANN)
    last = duty.covers.take("ml", BOB, NOW + HOUR, NOW + 2 * HOUR, by=BOB)
    duty.clock.advance(HOUR)
    assert keys(on_call(duty)) == ["bob"]
    duty.covers.lift(last.id or 0, by=BOB)
    assert keys(on_call(duty)) == ["ann"]


def test_others_are_put_on_call_by_a_commander_and_hear_so(duty: DutyHouse) -> None:
    """Nobody is volunteered by a colleague."""
    with pytest.raises(Forbidden, match="put somebody else on call"):
        duty.covers.take("ml", BOB, NOW, NOW + HOUR, by=ANN)
    duty.covers.take("ml", BOB, NOW, NOW + HOUR, by=MAX)
    assert duty.said(f"@{BOB}") == ["post covered"]
    with pytest.raises(Forbidden):
        duty.covers.take("ml", VIC, NOW, NOW + HOUR, by=VIC)


@pytest.mark.parametrize(
    ("starts", "ends"), [(timedelta(hours=2), HOUR), (-2 * HOUR, -HOUR), (HOUR, timedelta(days=90))]
)
def test_a_cover_that_cannot_be(duty: DutyHouse, starts: timedelta, ends: timedelta) -> None:
    """Backwards, in the past, or for ever."""
    with pytest.raises(Invalid, match="cannot be"):
        duty.covers.take("ml", ANN, NOW + starts, NOW + ends, by=ANN)


def test_names_that_nobody_has_are_told(duty: DutyHouse) -> None:
    """With those that there are."""
    with pytest.raises(NotFound, match="No schedule is called “nose”") as caught:
        duty.covers.take("nose", ANN, NOW, NOW + HOUR, by=ANN)
    assert "ml, pd" in caught.value.hint
    with pytest.raises(NotFound, match="no cover C-9"):
        duty.covers.lift(9, by=ANN)
    over = duty.covers.take("ml", ANN, NOW, NOW + HOUR, by=ANN)
    duty.clock.advance(HOUR)
    with pytest.raises(Conflict, match="C-1 is over"):
        duty.covers.lift(over.id or 0, by=ANN)


def test_the_handover_says_who_comes_and_what_is_open(duty: DutyHouse) -> None:
    """On Monday at nine, once; then the next one is planned."""
    duty.handovers.plan_all()
    one = duty.declare(severity=Severity.P3)
    duty.clock.advance(MONDAY - NOW - timedelta(seconds=1))
    assert HANDOVER not in [due.kind for due in duty.due()]
    duty.pass_time(timedelta(seconds=1))
    (post,) = handovers(duty)
    values = post.context["handover"]
    assert (values["goes"]["label"], values["comes"][0]["slack"], post.room) == ("Cam", ANN, "incidents")
    assert [each["ref"] for each in values["incidents"]] == [one.ref] and not values["late"]
    duty.pass_time(timedelta(days=7))
    assert handovers(duty)[1].context["handover"]["comes"][0]["label"] == "Bob"


def test_a_handover_that_was_missed_is_said_late_and_once(duty: DutyHouse) -> None:
    """After two weeks without a process."""
    duty.handovers.plan_all()
    duty.clock.advance(timedelta(days=14))
    duty.handovers.plan_all()
    duty.pass_time()
    duty.pass_time()
    (post,) = handovers(duty)
    assert post.context["handover"]["late"]


def test_a_cover_moves_the_handover(duty: DutyHouse) -> None:
    """It is said when the cover begins and when it ends."""
    duty.handovers.plan_all()
    duty.covers.take("ml", ANN, NOW + HOUR, NOW + 2 * HOUR, by=ANN)
    for _ in range(3):
        duty.pass_time(HOUR)
    assert [row.context["handover"]["comes"][0]["label"] for row in handovers(duty)] == ["Ann", "Cam"]


def test_a_schedule_kept_elsewhere_is_fetched(duty: DutyHouse) -> None:
    """Until then, and where it names nobody, those who always are on call are."""
    assert keys(on_call(duty, "pd")) == ["bob"] and "not been fetched yet" in on_call(duty, "pd").note
    duty.elsewhere.turns_known = [Turn("ann", NOW, NOW + HOUR), Turn("zoe", NOW + HOUR, NOW + 2 * HOUR)]
    duty.fetching.fetch("pd")
    assert keys(on_call(duty, "pd")) == ["ann"] and on_call(duty, "pd").note == ""
    duty.clock.advance(HOUR)
    assert "zoe, who is not under" in on_call(duty, "pd").note
    duty.clock.advance(HOUR)
    duty.fetching.fetch("pd")
    assert keys(on_call(duty, "pd")) == ["bob"] and "names nobody" in on_call(duty, "pd").note


def test_the_last_known_turns_are_used_while_it_is_away(duty: DutyHouse) -> None:
    """Which is said once, and beside every answer."""
    duty.elsewhere.turns_known = [Turn("ann", NOW, NOW + 9 * HOUR)]
    duty.fetching.fetch("pd")
    duty.elsewhere.away = True
    for _ in range(3):
        duty.clock.advance(HOUR)
        duty.fetching.fetch("pd")
    assert keys(on_call(duty, "pd")) == ["ann"]
    assert "as of 2026-11-20 12:00 UTC" in on_call(duty, "pd").note
    assert duty.said().count("post schedule_trouble") == 1


def test_what_people_ask_to_see(duty: DutyHouse) -> None:
    """Who is on call, who is next, and the turns of two weeks."""
    duty.covers.take("ml", ANN, NOW + HOUR, NOW + 2 * HOUR, by=ANN)
    first, other = duty.duties.now()
    assert (first["schedule"], first["until"], first["next"]["label"]) == ("ml", NOW + HOUR, "Ann")
    assert other["note"] and other["people"][0]["slack"] == BOB
    coming = duty.duties.coming()
    assert [turn["label"] for turn in coming["turns"]] == ["Cam", "Ann", "Cam", "Ann", "Bob"]
    assert coming["covers"][0]["ref"] == "C-1"
    assert duty.duties.ids(None, NOW) == [CAM]
