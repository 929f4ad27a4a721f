"""One declared incident: which calls to Slack it costs, and how soon its channel and its card are there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bot.workspace.person import PersonClient
from tests.benchmarks.figure import INCIDENTBOT, Figure, percentile, spread
from tests.benchmarks.stand import bot, calls_until_quiet, configured, forget_calls, workspace

INCIDENTS = 60
FORM = {"impact": "Predictions of the last hour are wrong.", "severity": "P1"}


@dataclass(frozen=True)
class Declared:
    """What followed from one submitted form; times in milliseconds after the submission."""

    calls: list[str]
    channel: float
    card: float
    quiet: float


def measure(folder: Path) -> Iterator[Figure]:
    """Bot and workspace in processes of their own; all moments by the one clock of this machine."""
    with workspace(folder) as url, bot(configured(folder, url), url), PersonClient(url, "ana") as ana:
        declared = [_declare(url, ana, f"Accuracy fell, take {number}") for number in range(INCIDENTS)]
    first, later = declared[0].calls, declared[1].calls
    yield calls_figure("Slack calls for one declared incident", later, bar=6)
    yield calls_figure("the same, the first of a new database", first)  # it finds and joins #ml-incidents
    yield _speed("modal submission → channel exists", [one.channel for one in declared], 10, (6, 15))
    yield _speed("modal submission → card in channel", [one.card for one in declared], 25, (10, 22))
    quiet = [one.quiet for one in declared]
    yield Figure("modal submission → last call, p50", median(quiet), "ms", note=spread(quiet))


def calls_figure(name: str, calls: list[str], bar: float | None = None) -> Figure:
    """How many calls, the channel's being the first."""
    return Figure(
        name,
        len(calls),
        "calls",
        bar=bar,
        peer=INCIDENTBOT,
        peer_value=8,
        note=", ".join(calls),
        is_sound=calls[0] == "conversations.create",
    )


def submitted(url: str, person: PersonClient, view: dict[str, Any], values: dict[str, str]) -> Declared:
    """Submit the form and watch what it does to Slack."""
    calls_until_quiet(url, 0.1)  # whatever opening the form still costs is not the submission's
    forget_calls(url)
    began_at = time.time()
    answer = person.submit(view, values)
    if not answer["ok"]:
        raise RuntimeError(f"The form was refused: {answer}")
    calls = calls_until_quiet(url)
    made = next(call for call in calls if call["method"] == "conversations.create")
    card = next(call for call in calls if call["method"] == "chat.postMessage" and call["seq"] > made["seq"])
    at = [(call["at"] - began_at) * 1000 for call in (made, card, calls[-1])]
    return Declared([call["method"] for call in calls], *at)


def _declare(url: str, person: PersonClient, title: str) -> Declared:
    person.command("/incident", "declare", "general")
    return submitted(url, person, person.wait_view("Declare"), {"title": title, **FORM})


def _speed(name: str, took: list[float], bar: float, peer: tuple[float, float]) -> Figure:
    return Figure(
        f"{name}, p50",
        percentile(took, 50),
        "ms",
        bar=bar,
        peer=INCIDENTBOT,
        peer_value=peer[0],
        note=f"{spread(took)}; peer's p95 {peer[1]:g}",
    )
