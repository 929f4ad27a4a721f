"""The checkup: looking at what serves now, and what follows from it."""

import pytest

from ops_core.alerts.group import AlertGroup, headline
from ops_core.checks.finding import Verdict
from ops_core.errors import NotFound, Unavailable
from ops_core.remediation import ledger
from ops_core.rhythm import checkups
from tests.ops_core.stand_ins import BAD, GOOD, HOUR, MINUTE, MODEL, NOW, finding
from tests.ops_core.world import House


def test_a_checkup_looks_at_the_version_that_serves(house: House) -> None:
    """And notes it in the ledger when it is seen for the first time."""
    house.checkups.run(MODEL)
    assert house.judge.asked == [("2", None)]
    assert [move.to_version for move in house.read(ledger.moves, MODEL)] == ["2"]


def test_a_move_by_somebody_else_is_seen(house: House) -> None:
    """It is in the ledger, with where it came from."""
    house.checkups.run(MODEL)
    house.registry.names["champion"] = "3"
    house.checkups.run(MODEL)
    move = house.read(ledger.last_move, MODEL, "champion")
    assert (move.from_version, move.to_version) == ("2", "3")


def test_a_version_that_comes_back_is_judged_by_what_it_does_now(house: House) -> None:
    """A version that never served before has no earlier rows to leave out."""
    for version in ("2", "3", "2"):
        house.registry.names["champion"] = version
        house.checkups.run(MODEL)
        house.clock.advance(HOUR)
    assert house.judge.asked == [("2", None), ("3", None), ("2", NOW + 2 * HOUR)]


def test_what_was_found_is_remembered(house: House) -> None:
    """The latest word of each check, not the history."""
    for says in (BAD, GOOD):
        house.judge.says = says
        house.checkups.run(MODEL)
    found = house.read(checkups.latest, MODEL)
    assert [(one.check, one.verdict) for one in found] == [
        ("drift.data", Verdict.OK),
        ("performance.f1", Verdict.OK),
        ("service.health", Verdict.OK),
    ]


def test_an_alarm_says_since_which_look_it_is_there(house: House) -> None:
    """Where the data cannot tell; what was well in between begins anew, and what the data tell stays."""
    told = []
    for minute, verdict in enumerate([Verdict.WARNING, Verdict.WARNING, Verdict.OK] + [Verdict.WARNING] * 3):
        end = NOW + minute * MINUTE
        house.judge.says = [finding(verdict, "quality.range", window_end=end), BAD[0]]
        house.checkups.run(MODEL)
        by_check = {one.check: one for one in house.read(checkups.latest, MODEL)}
        told.append(by_check["quality.range"].since)
        assert by_check["performance.f1"].since == BAD[0].since
    assert told == [None, NOW, None, None, NOW + 3 * MINUTE, NOW + 3 * MINUTE]
    assert by_check["quality.range"].explanation.endswith("; first seen 12:03 UTC on 20 November")


def test_an_alarm_becomes_an_alert_with_a_chart(house: House) -> None:
    """One alert, however many runs find it."""
    house.judge.says = BAD
    for _ in range(3):
        house.checkups.run(MODEL)
    assert house.said("alerts") == ["post alert:1"]
    assert house.fire().chart_id


def test_a_chart_that_cannot_be_drawn_stops_no_alert(house: House) -> None:
    """A card without its chart is better than no card."""

    def fail(*_: object) -> bytes:
        raise Unavailable("The worker is gone.")

    house.checkups.draw = fail
    house.judge.says = BAD
    house.checkups.run(MODEL)
    assert house.said("alerts") == ["post alert:1"]


@pytest.mark.parametrize("trouble", ["registry", "judge"])
def test_a_checkup_that_cannot_look_says_so_once(house: House, trouble: str) -> None:
    """And once more when it can again."""
    house.registry.down = trouble == "registry"
    house.judge.broken = Unavailable("No files.") if trouble == "judge" else None
    for _ in range(3):
        with pytest.raises(Unavailable):
            house.checkups.run(MODEL)
    assert house.said("alerts") == ["post check_trouble"]
    assert [(one.model, one.failures) for one in house.read(checkups.troubles)] == [(MODEL, 3)]
    house.registry.down, house.judge.broken = False, None
    house.checkups.run(MODEL)
    house.checkups.run(MODEL)
    assert house.said("alerts") == ["post check_trouble"] * 2 and house.read(checkups.troubles) == []


def test_a_model_that_is_not_watched_is_said(house: House) -> None:
    """With those that are."""
    with pytest.raises(NotFound, match="No model is called “ghost”") as refusal:
        house.checkups.run("ghost")
    assert MODEL in refusal.value.hint


def test_trouble_resolves_no_alert(house: House) -> None:
    """Not being able to look is not being well."""
    house.fire()
    house.judge.says = [finding(Verdict.NO_DATA)]
    for _ in range(3):
        house.checkups.run(MODEL)
    assert house.said("alerts") == ["post alert:1"]


def test_a_model_server_that_is_down_rings(house: House) -> None:
    """Without traffic no metric would tell."""
    house.judge.says = GOOD
    house.serving.healthy = False
    house.checkups.run(MODEL)
    (alert,) = house.rows(AlertGroup)
    assert alert.title == f"{MODEL}: health is critical"
    assert "connection refused" in house.read(headline, alert)
