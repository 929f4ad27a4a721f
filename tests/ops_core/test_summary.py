"""The daily summary."""

from typing import Any

import pytest

from ops_core.checks.finding import Verdict
from ops_core.errors import Unavailable
from tests.ops_core.stand_ins import BAD, HOUR, MODEL, NOW, finding
from tests.ops_core.world import BOB, House


def values(house: House) -> dict[str, Any]:
    """What the summary would say now."""
    with house.store.read() as session:
        return house.summaries.values(session, house.clock.now())


def test_a_quiet_day_is_a_summary_too(house: House) -> None:
    """No run yet is no data, not a good verdict."""
    quiet = values(house)
    assert quiet["date"] == "Friday, 20 November 2026" and quiet["alerts"] == 0
    assert quiet["models"] == [{"name": MODEL, "version": None, "verdict": "no_data", "lines": []}]


def test_a_model_is_as_bad_as_its_worst_check(house: House) -> None:
    """With what alarms, and which version serves."""
    house.judge.says = BAD
    house.checkups.run(MODEL)
    assert values(house)["models"] == [
        {"name": MODEL, "version": "2", "verdict": "critical", "lines": ["performance.f1 is 0.65"]}
    ]


def test_a_model_that_is_well_shows_its_figures(house: House) -> None:
    """So that one sees that somebody looked."""
    house.checkups.run(MODEL)
    assert values(house)["models"][0]["lines"] == ["performance.f1 is 0.95"]


def test_open_incidents_and_their_deadlines_are_listed(house: House) -> None:
    """Those that are late are marked."""
    house.declare()
    house.clock.advance(HOUR)
    found = values(house)
    assert [one["ref"] for one in found["incidents"]] == ["INC-1"]
    assert [(one["label"], one["overdue"]) for one in found["deadlines"]] == [
        ("next update", True),
        ("somebody takes command", False),
    ]


def test_only_the_last_day_counts(house: House) -> None:
    """Of alerts and of alias moves."""
    house.judge.says = BAD
    for version in ("2", "3"):
        house.registry.names["champion"] = version
        house.checkups.run(MODEL)
    assert (values(house)["alerts"], len(values(house)["alias_moves"])) == (1, 1)
    house.clock.advance(25 * HOUR)
    assert (values(house)["alerts"], len(values(house)["alias_moves"])) == (0, 0)


def test_what_could_not_be_seen_is_named(house: House) -> None:
    """Missing data and checks that cannot run."""
    house.judge.says = [finding(Verdict.NO_DATA)]
    house.checkups.run(MODEL)
    house.judge.broken = Unavailable("No files.")
    with pytest.raises(Unavailable):
        house.checkups.run(MODEL)
    assert [one["check"] for one in values(house)["no_data"]] == ["performance.f1"]
    assert values(house)["errors"] == ["tumour: No files."]


@pytest.mark.parametrize(("room", "expected"), [(None, "summary"), ("C0ASKED", "C0ASKED")])
def test_it_is_posted_where_it_was_asked_for(house: House, room: str | None, expected: str) -> None:
    """Without a room, where the settings say."""
    house.summaries.post(BOB, room)
    assert house.said(expected) == ["post daily_summary"] and house.clock.now() == NOW
