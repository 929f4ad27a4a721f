"""Slack is away while alerts fire and end; afterwards every card is there once, and tells the truth."""

from __future__ import annotations

import pytest

from tests.scenarios.outage import KINDS, play
from tests.wire import Scene, until


def until_it_hurt(stage: Scene) -> None:
    """Until several calls have failed."""
    until(lambda: sum(not call["ok"] or call["status"] == 500 for call in stage.seen("calls")) >= 3, 20)


@pytest.mark.parametrize("kind", KINDS)
def test_an_outage_of_slack_loses_nothing_and_repeats_nothing(stage: Scene, kind: str) -> None:
    """What fired and ended meanwhile is told too, once, as over."""
    assert play(stage, kind, until_it_hurt).wrong == []
