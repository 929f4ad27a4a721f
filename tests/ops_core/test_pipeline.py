"""Why people are told, or not: inhibition, silences, quiet hours, maintenance, routes and storms."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ops_core.alerts.alert import Alert, AlertState, Reason
from ops_core.alerts.board import AlertBoard
from ops_core.alerts.group import AlertGroup, Outcome, get_group
from ops_core.alerts.heard import Heard
from ops_core.alerts.matcher import Matcher, parse
from ops_core.alerts.rules import Inhibition, Maintenance, QuietHours, Route, Rules
from ops_core.alerts.silences import TooWide
from ops_core.checks.finding import Verdict
from ops_core.errors import Conflict, Forbidden, Invalid, NotFound
from ops_core.severity import Severity
from tests.ops_core.stand_ins import HOUR, MODEL, NOW, finding
from tests.ops_core.test_intake import heard
from tests.ops_core.world import ANN, BOB, VIC, House


def ruled(house: House, **rules: Any) -> House:
    """The house with these rules."""
    house.intake.rules = house.groups.rules = Rules(**rules)
    return house


def reasons(house: House) -> list[Reason]:
    """Of each alert, in the order in which they came."""
    return [alert.reason for alert in house.rows(Alert)]


DRIFT = finding(Verdict.CRITICAL, check="drift.data")
DOWN = finding(Verdict.CRITICAL, check="service.health")


def test_a_server_that_is_down_hushes_the_drift_of_its_model(house: House) -> None:
    """Told in the same breath or later; another model's drift rings on."""
    house.alerts.receive(MODEL, [DOWN, DRIFT])
    assert reasons(house) == [Reason.TOLD, Reason.INHIBITED]
    house.alerts.receive("other", [replace(DRIFT, model="other")])
    assert reasons(house)[2] is Reason.TOLD


def test_drift_that_was_told_is_hushed_when_the_server_goes_down(house: House) -> None:
    """And told again when the server is back and it still drifts."""
    house.alerts.receive(MODEL, [DRIFT])
    house.alerts.receive(MODEL, [DOWN, DRIFT])
    house.pass_time()
    assert reasons(house) == [Reason.INHIBITED, Reason.TOLD]
    for _ in range(2):
        house.alerts.receive(MODEL, [replace(DOWN, verdict=Verdict.OK), DRIFT])
    house.pass_time()
    assert [(one.reason, one.state) for one in house.rows(Alert)] == [
        (Reason.TOLD, AlertState.FIRING),
        (Reason.TOLD, AlertState.RESOLVED),
    ]


NODE_DOWN = Inhibition((parse("alertname=NodeDown"),), (parse("severity=~P2|P3"),), ("instance",))


@pytest.mark.parametrize("named", [{}, {"severity": "warning"}])
def test_an_inhibition_sees_our_severity(house: House, named: dict[str, str]) -> None:
    """Whatever word its source has for it; another instance, or a graver alert, rings."""
    ruled(house, inhibitions=(NODE_DOWN,))
    slow = [
        heard("Slow", severity=Severity.P2, labels=named | {"instance": one}) for one in ("gpu-1", "gpu-2")
    ]
    house.intake.take([heard("NodeDown"), heard("DiskFull"), *slow])
    assert reasons(house) == [Reason.TOLD, Reason.TOLD, Reason.INHIBITED, Reason.TOLD]


def test_an_inhibition_sees_the_severity_of_what_hushes(house: House) -> None:
    """Of one that fires already, too."""
    ruled(house, inhibitions=(Inhibition((parse("severity=P0"),), (parse("severity=P2"),), ("team",)),))
    house.intake.take([heard("NodeDown", severity=Severity.P0)])
    house.intake.take([heard("Slow", severity=Severity.P2)])
    assert reasons(house) == [Reason.TOLD, Reason.INHIBITED]


def test_a_silence_by_labels_hushes_what_it_covers(house: House) -> None:
    """What fires already and what comes; the rest is told."""
    house.intake.take([heard("DiskFull")])
    house.silences.make([parse("alertname=~Disk.*")], NOW + HOUR, ANN, "a backfill")
    house.intake.take([heard("DiskSlow"), heard("CpuHot")])
    assert reasons(house) == [Reason.SILENCED, Reason.SILENCED, Reason.TOLD]
    assert house.said("alerts") == ["post alert:1", "edit alert:1", "post alert:3"]
    assert house.rows(Alert)[0].reason_detail == f"S-1 by <@{ANN}>: a backfill"


def test_the_end_of_a_silence_tells_what_still_fires(house: House) -> None:
    """Without another word of its source; what ended meanwhile stays untold."""
    house.silences.make([parse("service=ranker")], NOW + HOUR, ANN)
    house.intake.take([heard("DiskFull"), heard("CpuHot")])
    house.intake.take([heard("CpuHot", ends_at=NOW)])
    assert house.said("alerts") == []
    house.pass_time(HOUR)
    assert house.said("alerts") == ["post alert:1"]


def test_a_silence_is_lifted_before_its_time_once(house: House) -> None:
    """What it hushed is told; the second hears that it is over."""
    house.silences.make([parse("service=ranker")], NOW + HOUR, ANN)
    house.intake.take([heard()])
    house.silences.lift(1, BOB)
    assert house.said("alerts") == ["post alert:1"]
    with pytest.raises(Conflict, match="S-1 ended at"):
        house.silences.lift(1, BOB)
    with pytest.raises(NotFound, match="no silence S-9"):
        house.silences.lift(9, BOB)


def test_a_silence_of_everything_must_be_meant(house: House) -> None:
    """It is made when somebody says so."""
    everything = [parse("alertname=~.+")]
    with pytest.raises(TooWide):
        house.silences.make(everything, NOW + HOUR, ANN)
    assert house.silences.make(everything, NOW + HOUR, ANN, everything=True).id == 1
    assert [one.ref for one in house.silences.held()] == ["S-1"]


def test_a_viewer_silences_nothing(house: House) -> None:
    """Nor lifts; and a silence has an end that can be."""
    with pytest.raises(Forbidden):
        house.silences.make([parse("model=x")], NOW + HOUR, VIC)
    with pytest.raises(Forbidden):
        house.silences.lift(1, VIC)
    with pytest.raises(Invalid, match="cannot be"):
        house.silences.make([parse("model=x")], NOW - HOUR, ANN)


NIGHT = QuietHours(time(22), time(7), zone=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("utc", "ends"),
    [
        ("2026-11-20T20:59", None),
        ("2026-11-20T21:00", "2026-11-21T06:00"),
        ("2026-11-21T05:59", "2026-11-21T06:00"),
        ("2026-11-21T06:00", None),
        ("2026-03-28T23:30", "2026-03-29T05:00"),  # the night in which the clocks go forward
        ("2026-10-25T05:30", "2026-10-25T06:00"),  # and back
    ],
)
def test_quiet_hours_are_those_of_their_zone(utc: str, ends: str | None) -> None:
    """Across midnight and when the clocks change."""
    moment = datetime.fromisoformat(f"{utc}+00:00")
    assert NIGHT.until(moment) == (datetime.fromisoformat(f"{ends}+00:00") if ends else None)


def test_quiet_hours_begin_only_on_their_days() -> None:
    """The night of a Friday lasts until Saturday."""
    friday = replace(NIGHT, days=frozenset({4}))
    saturday = datetime.fromisoformat("2026-11-21T05:00+00:00")
    assert friday.until(saturday) and friday.until(saturday + timedelta(days=1)) is None


def test_what_can_wait_waits_for_the_end_of_the_quiet_hours(house: House) -> None:
    """What cannot is told at once."""
    ruled(house, quiet_hours=(QuietHours(time(11), time(13)),))
    house.intake.take([heard("Slow", severity=Severity.P3), heard("Down", severity=Severity.P1)])
    assert house.said("alerts") == ["post alert:2"]
    house.pass_time(HOUR)
    assert house.said("alerts") == ["post alert:2", "post alert:1", "post reminder"]  # of the first card


def test_maintenance_hushes_what_it_names_with_its_reason(house: House) -> None:
    """Of any severity, until it is over."""
    planned = Maintenance(NOW - HOUR, NOW + HOUR, "new racks", (Matcher("service", "=", "ranker"),))
    ruled(house, maintenance=(planned,))
    house.intake.take([heard(severity=Severity.P0), heard("Other", labels={"service": "x"})])
    assert house.said("alerts") == ["post alert:2"]
    assert house.rows(Alert)[0].reason_detail == "new racks"
    house.pass_time(HOUR)
    assert house.said("alerts") == ["post alert:2", "post alert:1", "post reminder"]  # of the first card


ROUTES = (
    Route((Matcher("tags", "=~", ".*risk.*"),), people=(ANN,), go_on=True),
    Route((Matcher("team", "=", "growth"),), room="#ml-growth", policy="growth"),
    Route((Matcher("severity", "=", "P3"),), room="#noise"),
)


@pytest.mark.parametrize(
    ("model", "severity", "room", "people", "policies"),
    [
        ("churn", Severity.P3, "#ml-growth", [ANN], ["growth"]),
        ("fraud", Severity.P3, "#noise", [], []),
        ("fraud", Severity.P1, "alerts", [], []),
    ],
)
def test_routes_go_by_what_is_known_of_the_model(
    house: House, model: str, severity: Severity, room: str, people: list[str], policies: list[str]
) -> None:
    """The first that takes a group ends the search, unless it says to go on."""
    ruled(house, routes=ROUTES, known={"churn": {"team": "growth", "tags": "risk,eu"}})
    house.intake.take([heard(labels={"model": model}, severity=severity)])
    assert house.said(room) == ["post alert:1"]
    group: AlertGroup = house.read(get_group, 1)
    assert (group.people, group.policies) == (people, policies)


def test_a_route_may_name_two_rooms(house: House) -> None:
    """Each has its card, and both are edited."""
    ruled(house, routes=(Route(room="#one", go_on=True), Route(room="#two")))
    house.intake.take([heard()])
    house.intake.take([heard(ends_at=NOW)])
    assert house.said("#one") == ["post alert:1", "edit alert:1"]
    assert house.said("#two") == ["post alert:1:#two", "edit alert:1:#two"]


def test_why_tells_each_alert_s_reason_and_what_was_said(house: House) -> None:
    """For somebody who wonders why nothing rang."""
    house.silences.make([parse("instance=gpu-1")], NOW + HOUR, ANN, "known")
    house.intake.take([heard(), heard(labels={"instance": "gpu-2"})])
    told = AlertBoard(house.store, house.groups.rules).why(1)
    assert told["outcome"] == "it has a card" and told["rooms"] == ["alerts"]
    assert told["reasons"] == [{"reason": "silenced", "count": 1}, {"reason": "told", "count": 1}]
    assert told["alerts"][1]["reason"] == f"not told, silenced by S-1 by <@{ANN}>: known"


def test_a_silence_counts_what_it_hushes(house: House) -> None:
    """In the list of those that hold."""
    house.silences.make([parse("service=ranker")], NOW + HOUR, ANN)
    house.intake.take([heard(), heard(labels={"instance": "gpu-2"})])
    assert [
        (one["ref"], one["hushed"]) for one in AlertBoard(house.store, house.groups.rules).silences()
    ] == [("S-1", 2)]


def test_a_hushed_group_is_told_to_nobody(house: House) -> None:
    """And its end neither."""
    house.silences.make([parse("service=ranker")], NOW + HOUR, ANN)
    house.intake.take([heard()])
    house.intake.take([heard(ends_at=NOW)])
    assert house.said() == [] and house.read(get_group, 1).outcome is Outcome.HUSHED


def test_a_source_s_words_never_reach_the_rules(house: House) -> None:
    """A label that claims to be of our own checks, or of another severity, is the source's affair."""
    ruled(house, routes=(Route((Matcher("severity", "=", "P0"),), room="#page"),))
    spoof: dict[str, str] = {"severity": "P0", "source": "tocsin"}
    house.intake.take([Heard("prometheus", {"alertname": "X", **spoof}, {}, NOW, severity=Severity.P3)])
    assert house.said("alerts") == ["post alert:1"]
