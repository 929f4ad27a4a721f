"""Systems that are no models: they are looked at, remembered and told like them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from ops_core.alerts.group import AlertGroup
from ops_core.board import Board
from ops_core.checks.finding import Verdict
from ops_core.errors import NotFound
from ops_core.rhythm import checkups
from ops_core.signals.signal import Signal
from ops_core.signals.watch import SignalPlan
from tests.ops_core.stand_ins import GOOD, MODEL
from tests.ops_core.world import House


@dataclass
class Disk:
    """A gauge of a disk that fills up."""

    used: float = 0.95
    signal: str = "infrastructure.disk"
    unit: str = "ratio"
    source: str = "http://monitor"

    def read(self, now: datetime) -> Sequence[Signal]:
        """Twenty points."""
        return [Signal(self.signal, self.unit, self.source, now, self.used, n=20, points=(self.used,) * 20)]


@pytest.fixture
def disk(house: House) -> Disk:
    """The disk of a system that the house watches."""
    disk = Disk()
    house.world = replace(house.world, signals={"platform": SignalPlan((disk,))})
    house.checkups.world = house.world
    return disk


def test_a_system_rings_like_a_model(house: House, disk: Disk) -> None:
    """And is over when it is well; no registry is asked for it."""
    house.registry.down = True
    house.checkups.run("platform")
    (alert,) = house.rows(AlertGroup)
    assert (alert.model, alert.version, alert.title) == ("platform", None, "platform: disk is critical")
    disk.used = 0.4
    house.checkups.run("platform")
    house.checkups.run("platform")
    assert house.said("alerts") == ["post alert:1", "edit alert:1"]


def test_what_was_found_is_remembered_beside_the_models(house: House, disk: Disk) -> None:
    """And told by name."""
    house.checkups.run("platform")
    assert [one.check for one in house.read(checkups.latest, "platform")] == ["infrastructure.disk"]
    board = Board(house.store, house.world)
    assert [(one["model"], one["verdict"]) for one in board.checks("platform")] == [("platform", "critical")]
    assert board.declaration(None)["models"] == [MODEL, "platform"]


def test_a_models_signals_join_its_other_findings(house: House, disk: Disk) -> None:
    """With the version that serves, after its server's health."""
    house.judge.says = GOOD
    house.world = replace(house.world, signals={MODEL: SignalPlan((disk,))})
    house.checkups.world = house.world
    found = house.checkups.run(MODEL)
    assert [(one.check, one.verdict, one.version) for one in found[-2:]] == [
        ("service.health", Verdict.OK, "2"),
        ("infrastructure.disk", Verdict.CRITICAL, "2"),
    ]


def test_an_unknown_name_is_answered_with_the_systems_too(house: House, disk: Disk) -> None:
    """Models first."""
    with pytest.raises(NotFound) as refusal:
        house.checkups.run("ghost")
    assert refusal.value.hint == f"Models under watch: {MODEL}. Other systems: platform."
