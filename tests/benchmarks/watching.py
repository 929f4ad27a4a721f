"""The bot at work on the demo's world: its memory after checks, and an incident declared from an alert."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil

from bot.demo.stage import Stage
from bot.workspace.person import PersonClient
from tests.benchmarks.bot_start import resident
from tests.benchmarks.figure import Figure
from tests.benchmarks.incidents import calls_figure, submitted

ALERT_SECONDS = 30
CARD = "alert.declare"


def measure(folder: Path) -> Iterator[Figure]:
    """Real checks on real data in the worker; nothing here has a bar of its own."""
    with Stage(folder, port=0) as stage, PersonClient(stage.url, "ana") as ana:
        alert = ana.wait_message("ml-alerts", CARD, ALERT_SECONDS)
        process = _bot()
        yield Figure("memory of the bot after its first checks", resident(process, with_children=False), "MB")
        yield Figure("the same, with its worker", resident(process), "MB")
        ana.press(alert, CARD)
        declared = submitted(stage.url, ana, ana.wait_view("Declare"), {})
    yield calls_figure("Slack calls for an incident declared from an alert card", declared.calls)


def _bot() -> psutil.Process:
    children = psutil.Process().children()
    return next(child for child in children if "bot.cli" in child.cmdline())
