"""The ledger of alias moves."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from ops_core.remediation import ledger
from ops_core.remediation.ledger import AliasMove, VersionAlarm
from tests.ops_core.stand_ins import HOUR, MODEL, NOW
from tests.ops_core.world import House


def observed(session: Session, version: str, after: timedelta, alias: str = "champion") -> bool:
    """Whether the move was new."""
    move = AliasMove(model=MODEL, alias=alias, to_version=version, at=NOW + after, by="tocsin", why="seen")
    return ledger.observe(session, move)


@pytest.fixture
def moved(house: House) -> House:
    """Versions 1, 2 and 1 again, an hour each; and another alias between."""
    with house.database.write() as session:
        for hours, version in enumerate(("1", "2", "1")):
            observed(session, version, hours * HOUR)
            observed(session, "9", hours * HOUR, "shadow")
    return house


def test_the_same_place_is_no_move(moved: House) -> None:
    """Looking again adds nothing."""
    with moved.database.write() as session:
        assert not observed(session, "1", 9 * HOUR) and observed(session, "2", 9 * HOUR)


def test_each_move_knows_where_it_came_from(moved: House) -> None:
    """The first one does not."""
    line = [one for one in moved.read(ledger.moves, MODEL) if one.alias == "champion"]
    assert [(one.from_version, one.to_version) for one in line] == [(None, "1"), ("1", "2"), ("2", "1")]


def test_what_was_serving_at_any_time_has_an_answer(moved: House) -> None:
    """Each version from its move to the next."""
    spans = moved.read(ledger.spans, MODEL, "champion")
    assert [(one.to_version, one.at, until) for one, until in spans] == [
        ("1", NOW, NOW + HOUR),
        ("2", NOW + HOUR, NOW + 2 * HOUR),
        ("1", NOW + 2 * HOUR, None),
    ]


def test_since_includes_its_moment(moved: House) -> None:
    """And leaves out what was before."""
    with moved.store.read() as session:
        line = ledger.moves(session, MODEL, since=NOW + HOUR)
    assert [one.to_version for one in line if one.alias == "champion"] == ["2", "1"]


def test_nothing_known_is_an_answer(house: House) -> None:
    """Of a model that was never seen."""
    assert house.read(ledger.spans, "ghost", "champion") == []
    assert house.read(ledger.last_move, "ghost", "champion") is None


def test_the_first_alarm_of_a_version_stands(house: House) -> None:
    """What it broke first is why it is no place to go back to."""
    with house.database.write() as session:
        for why in ("f1", "null rate"):
            ledger.raise_alarm(session, VersionAlarm(model=MODEL, version="2", at=NOW, why=why))
    assert house.read(ledger.alarmed_versions, MODEL) == {"2": "f1"}
