"""Storms: many groups at once are one digest, and what is grave stands out of it."""

from __future__ import annotations

from sqlalchemy import event

from ops_core.alerts.group import AlertDigest, AlertGroup
from ops_core.severity import Severity
from tests.ops_core.stand_ins import MINUTE, NOW
from tests.ops_core.test_intake import heard
from tests.ops_core.world import House


def storm(house: House, groups: int, each: int = 3) -> None:
    """Many groups at once."""
    house.intake.take(
        [heard(f"n{number}", labels={"instance": f"{at}"}) for number in range(groups) for at in range(each)]
    )


def test_a_storm_is_one_digest(house: House) -> None:
    """With every group in it, edited when one of them ends."""
    storm(house, 40)
    assert house.said("alerts").count("post digest:1") == 1 and house.said("alerts")[0] == "post digest:1"
    assert len({group.digest_id for group in house.rows(AlertGroup)}) == 1
    before = len(house.said())
    house.intake.take([heard("n7", labels={"instance": f"{at}"}, ends_at=NOW) for at in range(3)])
    assert house.said()[before:] == ["edit digest:1"]
    assert set(house.said("alerts")[1:]) == {"edit digest:1"}


def test_lines_that_only_grew_are_passed_over_together(house: House) -> None:
    """Nothing is said of them, and not a statement each is spent on them; what got worse is told."""
    storm(house, 40)
    asked: list[str] = []
    event.listen(house.store.database.engine, "before_cursor_execute", lambda *of: asked.append(of[2]))
    before = len(house.said())
    more = [heard(f"n{number}", labels={"instance": "more"}) for number in range(40)]
    house.intake.take(more)
    assert len(house.said()) == before and len(asked) < 40
    assert not any(group.dirty for group in house.rows(AlertGroup))
    worse = [heard("n0", labels={"instance": "late"}, severity=Severity.P0)]
    house.intake.take(
        [*worse, *more[1:], *(one._replace(labels={**one.labels, "b": "c"}) for one in more[1:])]
    )
    assert set(house.said()[before:]) == {"post alert:1", "edit digest:1"}


def test_what_is_critical_has_its_card_in_a_storm(house: House) -> None:
    """Nobody looks for a P0 in a list."""
    storm(house, 40)
    house.intake.take([heard("Down", severity=Severity.P0)])
    assert "post alert:41" in house.said("alerts")


def test_a_card_from_before_the_storm_waits_until_it_is_over(house: House) -> None:
    """So that the digest stays current; then it is edited once."""
    house.intake.take([heard("early")])
    storm(house, 40)
    house.intake.take([heard("early", labels={"instance": "gpu-2"})])
    assert "edit alert:1" not in house.said()
    house.clock.advance(2 * MINUTE)
    house.groups.work_all()
    assert house.said().count("edit alert:1") == 1


def test_the_next_storm_has_a_digest_of_its_own(house: House) -> None:
    """After a minute without a new group."""
    storm(house, 12)
    house.clock.advance(2 * MINUTE)
    house.intake.take([heard(f"m{number}") for number in range(12)])
    assert len(house.rows(AlertDigest)) == 2
