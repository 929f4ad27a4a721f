"""A storm of alerts while the bot is killed with -9; `make bench ONLY=alerts` plays the long form."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.benchmarks.alert_stand import alert_stand
from tests.scenarios.storm import Storm, blow, killing

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]

KILLS = int(os.environ.get("TOCSIN_CHAOS", "3"))
SEED = int(os.environ.get("TOCSIN_CHAOS_SEED", "1"))
STORM = Storm(alerts=480, groups=12, seconds=3)


def test_a_storm_is_told_once_though_the_bot_is_killed(tmp_path: Path) -> None:
    """No alert that was answered for is lost, and every group stands there once, in its final state."""
    with alert_stand(tmp_path) as stand, killing(stand, KILLS, SEED) as lives:
        after = blow(stand, STORM, meanwhile=lambda: len(lives) >= KILLS)
    assert after.wrong(STORM) == []
    assert after.kept == STORM.alerts and len(lives) == KILLS
