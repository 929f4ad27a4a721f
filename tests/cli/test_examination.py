"""The doctor's way of looking: every point for a limited time, whatever the others do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.doctor.answer import Answer, State, Untold, ok
from bot.doctor.examination import Point, examine
from bot.doctor.patient import Patient
from bot.doctor.table import drawn
from bot.settings import Settings
from ops_core.errors import Unavailable


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Patient]:
    """Somebody to look at; nobody does."""
    with Patient(Settings(), tmp_path) as patient:
        yield patient


def raising(error: Exception) -> Callable[[Patient], Answer]:
    """A look that fails."""

    def look(_patient: Patient) -> Answer:
        raise error

    return look


def test_a_point_that_hangs_is_left(patient: Patient) -> None:
    """Its time limit is its answer, and the next point has its own."""
    never = threading.Event()
    hanging = Point("hangs", lambda _: ok(str(never.wait(30))), seconds=0.05)
    answers = list(examine([hanging, Point("fine", lambda _: ok("yes"))], patient))
    never.set()
    assert [(each.name, each.state) for each in answers] == [("hangs", State.FAILED), ("fine", State.OK)]
    assert answers[0].found == "no answer within 0.05 s"


@pytest.mark.parametrize(
    ("error", "state", "found", "fix"),
    [
        (Unavailable("It is down.", hint="Start it."), State.FAILED, "It is down.", "Start it."),
        (Untold("no token"), State.WARNING, "could not be told: no token", ""),
        (ConnectionRefusedError(111, "Connection refused"), State.FAILED, "Connection refused", ""),
    ],
)
def test_an_error_is_an_answer(
    patient: Patient, error: Exception, state: State, found: str, fix: str
) -> None:
    """With its own words and hint."""
    answer = next(examine([Point("x", raising(error))], patient))
    assert (answer.state, answer.found, answer.fix) == (state, found, fix)


def test_a_fix_stands_below_what_it_mends() -> None:
    """Behind an arrow, in the column of what was found."""
    rows = drawn([Answer(State.FAILED, "gone", "Bring it back.", "file")], colours=False).splitlines()
    assert rows[0].index("gone") == rows[1].index("→")


def test_colours_change_nothing_but_colour() -> None:
    """A terminal shows the same table."""
    answers = [ok("yes").of("one"), Answer(State.WARNING, "hm", "Look.", "two")]
    coloured = drawn(answers, colours=True)
    for code in ("\x1b[32m", "\x1b[33m", "\x1b[0m"):
        assert code in coloured
        coloured = coloured.replace(code, "")
    assert coloured == drawn(answers, colours=False)
