# ruff: noqa: DTZ001 - local times, as people write them
"""Schedules: exactly one person at every moment, handed over at the stated local time, whatever clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_core.errors import Invalid
from ops_core.oncall.rotation import DAY, Restriction, Rotation
from ops_core.oncall.schedule import Schedule
from ops_core.oncall.wall_clock import moment, shown

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/St_Johns",
    "UTC",
)
BERLIN = ZoneInfo("Europe/Berlin")
CHANGES = (date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1), date(2026, 4, 5))
"""Days on which clocks are changed somewhere among these zones."""

zones = st.sampled_from(ZONES).map(ZoneInfo)
times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 30)))
lengths = st.sampled_from((1, 8, 12, 24, 72, 168)).map(lambda hours: timedelta(hours=hours))
restrictions = st.builds(Restriction, st.frozensets(st.integers(0, 6), min_size=1), times, times)
begins = st.builds(datetime.combine, st.dates(date(2025, 12, 1), date(2026, 12, 1)), times)


def rotations(people: str, only: st.SearchStrategy[tuple[Restriction, ...]]) -> st.SearchStrategy[Rotation]:
    """Rotations of these people."""
    return st.builds(Rotation, st.just(tuple(people)), begins, lengths, only)


schedules = st.builds(
    lambda zone, top, base: Schedule("any", zone, (top, base)),
    zones,
    rotations("abc", st.lists(restrictions, min_size=1, max_size=2).map(tuple)),
    rotations("de", st.just(())),
)
starts = st.sampled_from(CHANGES).map(lambda day: datetime.combine(day, time(0), UTC) - DAY)


@given(schedules, starts)
def test_exactly_one_person_is_on_call_at_every_moment(schedule: Schedule, start: datetime) -> None:
    """The turns of three days around a change of clocks meet without gap or overlap, and name that person."""
    end = start + 3 * DAY
    turns = schedule.turns(start, end)
    assert turns[0].starts_at == start and turns[-1].ends_at == end
    assert all(one.ends_at == other.starts_at for one, other in pairwise(turns))
    for step in range(0, 3 * 24 * 60, 17):
        at = start + timedelta(minutes=step)
        holding = [turn.person for turn in turns if turn.holds(at)]
        assert holding == [schedule.person(at)]


@given(zones, begins, st.sampled_from((1, 7)), st.integers(-60, 60))
def test_handovers_are_at_the_stated_local_time(
    zone: ZoneInfo, first: datetime, days: int, number: int
) -> None:
    """In summer as in winter; a time that clocks skip is the moment of the jump, to the second."""
    wanted = first + number * timedelta(days=days)
    at = Rotation(("a", "b"), first, timedelta(days=days)).handover(number, zone)
    before = shown(at - timedelta(seconds=1), zone)
    assert shown(at, zone) == wanted or before < wanted < shown(at, zone)


@given(zones, st.lists(begins, min_size=2, max_size=2).map(sorted))
def test_later_local_times_are_never_earlier_moments(zone: ZoneInfo, two: list[datetime]) -> None:
    """So a week without a gap on the wall clock has none in time."""
    assert moment(two[0], zone) <= moment(two[1], zone)


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-28", 23), ("2026-10-24", 25), ("2026-06-01", 24)],
    ids=["spring", "autumn", "june"],
)
def test_a_daily_turn_is_as_long_as_its_day(day: str, hours: int) -> None:
    """Berlin's clocks go forward on 29 March and back on 25 October 2026, at night."""
    rotation = Rotation(("a", "b"), datetime.fromisoformat(f"{day} 09:00"), DAY)
    assert rotation.handover(1, BERLIN) - rotation.handover(0, BERLIN) == timedelta(hours=hours)


def test_the_first_layer_that_holds_decides() -> None:
    """Office hours have their own people, the base has the rest; windows may cross midnight."""
    day = Rotation(
        ("day",), datetime(2026, 1, 5, 9), only=(Restriction(frozenset(range(5)), time(9), time(17)),)
    )
    night = Rotation(
        ("night",), datetime(2026, 1, 5, 9), only=(Restriction(frozenset({4}), time(22), time(6)),)
    )
    base = Rotation(("base",), datetime(2026, 1, 5, 9))
    schedule = Schedule("ml", BERLIN, (day, night, base))
    friday = datetime(2026, 11, 20, tzinfo=BERLIN)
    found = [(hour, schedule.person(friday + timedelta(hours=hour))) for hour in (8, 9, 16, 17, 22, 29, 30)]
    assert found == [
        (8, "base"), (9, "day"), (16, "day"), (17, "base"), (22, "night"), (29, "night"), (30, "base"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("only", "named"),
    [
        ((Restriction(frozenset(range(5))),), "Saturday 00:00 to Monday 00:00"),
        (
            (Restriction(start=time(9), end=time(17)), Restriction(start=time(17), end=time(8))),
            "Monday 08:00 to Monday 09:00, Tuesday 08:00 to Tuesday 09:00",
        ),
        ((Restriction(frozenset({0}), time(0), time(12)),), "Monday 12:00 to Monday 00:00"),
    ],
)
def test_a_gap_is_refused_and_names_its_hours(only: tuple[Restriction, ...], named: str) -> None:
    """With the zone that they are in."""
    rotation = Rotation(("a",), datetime(2026, 1, 5, 9), only=only)
    with pytest.raises(Invalid, match=f"nobody from {named}.*Europe/Berlin"):
        Schedule("ml", BERLIN, (rotation,))


def test_hours_that_meet_leave_no_gap() -> None:
    """Day and night, weekdays and weekend."""
    parts = (
        Restriction(frozenset(range(5)), time(9), time(17)),
        Restriction(frozenset(range(5)), time(17), time(9)),
        Restriction(frozenset({5, 6})),
    )
    layers = tuple(
        Rotation((name,), datetime(2026, 1, 5), only=(part,)) for name, part in zip("abc", parts, strict=True)
    )
    with pytest.raises(Invalid, match="Monday 00:00 to Monday 09:00"):
        Schedule("ml", BERLIN, layers)
    whole = (*layers, Rotation(("d",), datetime(2026, 1, 5), only=(Restriction(frozenset({0})),)))
    assert Schedule("ml", BERLIN, whole).person(datetime(2026, 11, 23, 3, tzinfo=BERLIN)) == "d"


def test_a_turn_is_told_from_handover_to_handover() -> None:
    """However far away they are."""
    schedule = Schedule("ml", BERLIN, (Rotation(("a", "b"), datetime(2026, 1, 5, 9), timedelta(days=28)),))
    turn = schedule.turn(datetime(2026, 1, 20, tzinfo=UTC))
    assert (turn.starts_at, turn.ends_at) == (
        datetime(2026, 1, 5, 8, tzinfo=UTC),
        datetime(2026, 2, 2, 8, tzinfo=UTC),
    )
