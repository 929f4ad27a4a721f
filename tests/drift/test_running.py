"""Concept drift of a stream that is followed piece by piece."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_core.drift.running import ENOUGH, Running, State, Usual
from ops_core.drift.stream import Errors, evidence, turn

USUAL = Usual(500, 10_000)
PIECE = 10
PIECES = st.lists(
    st.integers(1, 60).flatmap(lambda rows: st.tuples(st.integers(0, rows), st.just(rows))), max_size=40
)


def states(pieces: list[tuple[int, int]], usual: Usual = USUAL) -> list[State]:
    """What is known after each of the pieces, errors and rows; their times are their numbers."""
    running, found = Running(usual), [State()]
    for at, (errors, rows) in enumerate(pieces):
        found.append(running.after(found[-1], at, errors, rows))
    return found[1:]


def stream(seed: int, *parts: tuple[float, int]) -> list[tuple[int, int]]:
    """Pieces of ten rows: so many rows at each rate."""
    random = np.random.default_rng(seed)
    return [
        (int(errors), PIECE) for rate, rows in parts for errors in random.binomial(PIECE, rate, rows // PIECE)
    ]


def turns(pieces: list[tuple[int, int]]) -> list[tuple[int, bool]]:
    """After how many rows a change was found, and after how many it was over."""
    changed = [False, *(state.changed for state in states(pieces))]
    return [(at * PIECE, now) for at, (before, now) in enumerate(pairwise(changed), 1) if before != now]


@given(PIECES)
def test_its_evidence_is_the_detector_s(pieces: list[tuple[int, int]]) -> None:
    """Carried on piece by piece, it is what one look at all of them tells, until a change was found."""
    known = evidence(
        Errors(np.array([float(e) for e, _ in pieces]), np.array([float(n) for _, n in pieces])), *USUAL
    )
    highest = np.maximum.accumulate(known) if pieces else known
    for state, expected in zip(states(pieces), highest, strict=True):
        assert state.peak == pytest.approx(float(expected), abs=1e-6)
        if state.changed:
            break


def test_a_change_is_told_as_the_detector_tells_it() -> None:
    """Since when, from which rate to which."""
    pieces = stream(3, (0.05, 5000), (0.2, 400))
    told = Running(USUAL).change(states(pieces)[-1])
    whole = Errors(np.array([float(e) for e, _ in pieces]), np.full(len(pieces), float(PIECE)))
    found = turn(whole, *USUAL)
    assert told and abs(told.since - found.start) <= 5
    assert told.before == pytest.approx(found.before, abs=0.001) and told.after == pytest.approx(
        0.2, abs=0.05
    )
    assert told.n_after == pytest.approx(found.n_after, abs=50)


def test_a_steady_rate_is_no_change() -> None:
    """Ten streams of 20,000 rows."""
    assert all(turns(stream(seed, (0.05, 20_000))) == [] for seed in range(10))


def test_more_errors_are_found_soon_and_their_end_too() -> None:
    """Median rows until 5 % have become 15 %, and until it is told that they are 5 % again."""
    found = [turns(stream(seed, (0.05, 5000), (0.15, 3000), (0.05, 4000))) for seed in range(15)]
    assert all([changed for _, changed in each] == [True, False] for each in found)
    assert np.median([each[0][0] - 5000 for each in found]) <= 160
    assert np.median([each[1][0] - 8000 for each in found]) <= 1000


def test_what_goes_on_does_not_end() -> None:
    """However long: a change ends by rows as before it alone."""
    assert all(len(turns(stream(seed, (0.05, 3000), (0.15, 30_000)))) == 1 for seed in range(5))


def test_a_second_change_is_found_as_the_first() -> None:
    """After the end everything begins anew."""
    parts = [(0.05, 3000), (0.2, 2000)] * 2
    assert [changed for _, changed in turns(stream(7, *parts))] == [True, False, True]


def test_fewer_errors_are_no_change() -> None:
    """The model got better."""
    assert turns(stream(2, (0.05, 3000), (0.001, 5000))) == []


@given(PIECES, st.integers(0, 50), st.integers(10, 50))
def test_any_stream_gives_numbers(pieces: list[tuple[int, int]], errors: int, rows: int) -> None:
    """Whatever is usual: never wrong, always wrong, hardly known."""
    running = Running(Usual(min(errors, rows), rows))
    for state in states(pieces, Usual(min(errors, rows), rows)):
        assert not math.isnan(state.peak) and 0 <= state.back < ENOUGH
        change = running.change(state)
        assert change is None or (0 < change.before < 1 and 0 <= change.after <= 1 and change.n_after >= 1)
