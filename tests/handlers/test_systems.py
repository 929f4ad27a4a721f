"""A system that is no model, asked about and told in Slack."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.ages import AgeGauge
from ops_core.signals.watch import SignalPlan
from tests.wire import Scene, has_button, said


def test_a_system_is_run_told_and_declared_like_a_model(stage: Scene, tmp_path: Path) -> None:
    """A backup that is not there: the answer, the card, and the form that knows the system's name."""
    assert isinstance(stage.world.signals, dict)
    backups = AgeGauge("backup.age", "models", str(tmp_path / "backups"))
    stage.world.signals["platform"] = SignalPlan((backups,))
    stage.ana.command("/ops", "run platform", "ml-ops")
    assert "models is not there" in said(stage.told(stage.ana, "ml-ops", "backup.age"))
    card = stage.ana.wait_message("ml-alerts", has_button("alert.declare"))
    assert "platform: backup age is critical" in said(card)
    stage.ana.press(card, "alert.declare")
    view = stage.ana.wait_view("Declare an incident")
    assert stage.ana.submit(view, {})["ok"]
    assert "platform" in said(stage.ana.wait_message("ml-incidents", "INC-1"))
