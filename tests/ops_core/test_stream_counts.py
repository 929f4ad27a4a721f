"""What is pushed is kept once and whole, or refused with its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops_core.errors import Invalid
from ops_core.store.database import Database
from ops_core.streams.counts import MOST_PREDICTIONS, PIECE, Counts
from ops_core.streams.streams import Taken
from ops_core.streams.stretch import MOST_PIECES, StreamStretch, add, stretches
from tests.ops_core.pushed import Pushed
from tests.ops_core.stand_ins import HOUR, MODEL, NOW
from tests.ops_core.world import House


@pytest.fixture
def pushed(house: House) -> Pushed:
    """A reference of 10,000 answers of which 5 % are wrong."""
    return Pushed(house)


def test_a_key_counts_once(pushed: Pushed) -> None:
    """A push that is repeated, in one request or in two, is taken and not counted again."""
    at = pushed.house.clock.now()
    twice = [Counts(MODEL, 40, 2, at, key="a"), Counts(MODEL, 40, 2, at, key="a")]
    assert pushed.streams.take("them", twice) == Taken(2, 1)
    assert pushed.streams.take("them", twice[:1]) == Taken(1, 1)
    assert pushed.streams.take("others", twice[:1]) == Taken(1, 0)
    assert pushed.rows() == (80, 4)


def test_a_key_of_other_counts_is_refused_and_nothing_of_its_request_is_kept(pushed: Pushed) -> None:
    """Or one of both would be lost."""
    pushed.take(2, key="a")
    at = pushed.house.clock.now()
    mixed = [Counts(MODEL, 40, 1, at), Counts(MODEL, 40, 9, at, key="a", where="counts[1]")]
    with pytest.raises(Invalid, match=r"counts\[1\].key “a” was used before"):
        pushed.streams.take("them", mixed)
    assert pushed.rows() == (40, 2)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"predictions": -1, "errors": -1}, "counts.predictions must lie between 0 and"),
        ({"predictions": MOST_PREDICTIONS + 1}, "counts.predictions must lie between 0 and"),
        ({"errors": -1}, "counts.errors must lie between 0 and the 40 predictions; it is -1"),
        ({"errors": 41}, "counts.errors must lie between 0 and the 40 predictions; it is 41"),
        ({"outcomes": (1, 0)}, "counts.outcomes holds 2 answers, 1 of them wrong"),
        ({"at": NOW + 3 * HOUR}, "counts.at lies 3 h ahead"),
        ({"at": NOW - 25 * HOUR}, "counts.at is 2026-11-19 11:00 UTC, more than 24 h ago"),
        ({"model": "ghost"}, "counts.model: no model is called “ghost”"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(pushed: Pushed, wrong: dict[str, Any], said: str) -> None:
    """And nothing of the request is kept."""
    fine = Counts(MODEL, 40, 2, NOW)
    with pytest.raises(Invalid) as refusal:
        pushed.streams.take("them", [fine, replace(fine, **wrong)])
    assert refusal.value.message.startswith(said) and pushed.rows() == (0, 0)


def test_nothing_is_nothing(pushed: Pushed) -> None:
    """A process that had no request to answer may say so."""
    assert pushed.take(0, 0) == Taken(1, 0)
    assert pushed.rows() == (0, 0) and pushed.watch.look(MODEL) is None


@given(st.lists(st.tuples(st.integers(0, 3_000_000), st.integers(1, 90), st.integers(0, 90)), max_size=30))
@settings(max_examples=30, deadline=None)
def test_however_it_is_cut_nothing_is_lost(parts: list[tuple[int, int, int]]) -> None:
    """The sums of each second stay; so do those of the pieces, which are few."""
    counts = [
        Counts(MODEL, rows, min(wrong, rows), NOW + timedelta(microseconds=at), _told(rows, min(wrong, rows)))
        for at, rows, wrong in parts
    ]
    database = Database("sqlite://")
    StreamStretch.metadata.create_all(database.engine)
    with database.write() as session:
        for at in range(0, len(counts), 7):
            add(session, counts[at : at + 7])
            session.flush()
        kept = stretches(session, MODEL, None, 100)
        pieces = [piece for one in kept for piece in one.pieces]
    assert all(0 < len(one.pieces) <= MOST_PIECES for one in kept)
    assert sum(rows for _, rows, _ in pieces) == sum(each.predictions for each in counts)
    assert sum(wrong for _, _, wrong in pieces) == sum(each.errors for each in counts)


def _told(rows: int, wrong: int) -> tuple[int, ...]:
    """The outcomes in order of every second push."""
    return (0,) * (rows - wrong) + (1,) * wrong if rows % 2 else ()


def test_answers_in_order_are_cut_into_pieces() -> None:
    """Of which none is longer than is needed to tell since when."""
    counts = Counts(MODEL, 45, 5, NOW, (0,) * 40 + (1,) * 5)
    assert counts.pieces == [(PIECE, 0), (PIECE, 0), (5, 5)]
