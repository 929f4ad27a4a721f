"""Runs that somebody asked for, short ones and long ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from ops_core.errors import Invalid, NotFound, OpsError, Unavailable
from ops_core.rhythm.checkups import troubles
from ops_core.rhythm.runs import Runs
from ops_core.store.outbox import OutboxRow, Verb
from tests.ops_core.stand_ins import BAD, MODEL
from tests.ops_core.world import ANN, House


def run(house: House, named: str = "", reads: Sequence[int] = (), every: float = 1.0) -> list[str]:
    """The checks that were run, with reads that each take `every` seconds."""
    house.judge.reads, house.judge.wait = list(reads), lambda: house.clock.advance(timedelta(seconds=every))
    return [one.check for one in Runs(house.store, house.checkups).run(named, "C0OPS", ANN)]


def said(house: House) -> list[Verb]:
    """What was said of runs."""
    return [row.verb for row in house.rows(OutboxRow) if (row.subject or "").startswith("run:")]


def shown(house: House) -> dict[str, Any]:
    """The run's message as it stands."""
    with house.store.read() as session:
        words = house.cards.words(session, "run:1", house.clock.now())
    values: dict[str, Any] = words.context["run"]
    return values


@pytest.mark.parametrize("named", ["", MODEL, "f1", "performance.f1", f"f1 {MODEL}"])
def test_a_run_is_of_a_model_or_of_one_of_its_checks(house: House, named: str) -> None:
    """A metric's short name will do, and the only model need not be named."""
    only = named not in ("", MODEL)
    assert run(house, named) == (
        ["performance.f1"] if only else ["performance.f1", "drift.data", "service.health"]
    )


def test_a_signal_alone_is_read_without_the_rows(house: House) -> None:
    """The judge of rows is not even asked."""
    assert run(house, "service.health") == ["service.health"] and house.judge.asked == []


def test_a_short_run_needs_no_message(house: House) -> None:
    """The answer comes at once."""
    run(house, reads=[100, 200], every=0.5)
    assert said(house) == []


def test_a_long_run_is_seen_to_proceed_and_to_end(house: House) -> None:
    """One message, edited no faster than its pace."""
    run(house, reads=[100, 200, 300, 400, 500], every=1.0)
    assert said(house)[0] is Verb.POST and set(said(house)[1:]) == {Verb.EDIT}
    assert len(said(house)) == 3  # after 2 s, after 4 s, and the end
    assert shown(house)["over"] and shown(house)["verdict"] == "ok" and shown(house)["counts"]


def test_a_long_run_that_fails_says_so_in_its_message(house: House) -> None:
    """Nobody is left with a message that goes on for ever."""

    def die() -> None:
        house.clock.advance(timedelta(seconds=3))
        if house.rows(OutboxRow):
            raise Unavailable("The worker died.")

    house.judge.reads, house.judge.wait = [1, 2], die
    with pytest.raises(Unavailable):
        Runs(house.store, house.checkups).run("", "C0OPS", ANN)
    assert shown(house)["error"] == "The worker died."


@pytest.mark.parametrize(("named", "error"), [("nose", NotFound), ("f1 nose", NotFound), ("a b c", NotFound)])
def test_a_name_that_is_wrong_is_answered(house: House, named: str, error: type[OpsError]) -> None:
    """And does not count as trouble of the model."""
    house.world.signals["platform"] = house.world.plan("platform")  # type: ignore[index] # a second thing to watch
    with pytest.raises(error):
        run(house, named)
    assert house.read(troubles) == []


def test_a_check_that_does_not_exist_is_no_trouble_of_the_model(house: House) -> None:
    """Only the asker is told."""
    house.judge.broken = Invalid("There is no check named 'drift.dat'.")
    with pytest.raises(Invalid):
        run(house, "drift.dat")
    assert house.read(troubles) == []


def test_an_alert_of_another_check_is_left_alone(house: House) -> None:
    """A run of one check that is well ends nothing else."""
    house.judge.says = list(BAD)
    run(house)
    house.judge.says = [one for one in BAD if one.check != "performance.f1"]
    for _ in range(3):
        run(house, "service.health")
    assert house.alerts.receive(MODEL, []) is not None
