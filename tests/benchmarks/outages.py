"""Slack fails for a minute in each of six ways, and the peer's receiver does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.benchmarks.alertmanager import alertmanager, receiver
from tests.benchmarks.figure import Figure
from tests.databases import migrated
from tests.scenarios.outage import KINDS, TRUTH, Played, play
from tests.wire import scene

SECONDS = 60.0
SHORT = [f"Short{number}" for number in range(20)]


def measure(folder: Path) -> Iterator[Figure]:
    """All at the same time, each with a workspace and a bot of its own."""
    migrated()  # once, because Alembic works in one thread only
    with ThreadPoolExecutor(len(KINDS) + 1) as pool:
        peer = pool.submit(_theirs, folder)
        played = dict(zip(KINDS, pool.map(lambda kind: _ours(folder / kind, kind), KINDS), strict=True))
        missed, version = peer.result()
    for kind, one in played.items():
        yield Figure(
            f"Slack fails for {SECONDS:.0f} s ({kind}): alerts told wrongly, of {len(TRUTH)}",
            len(one.wrong),
            "alerts",
            bar=0,
            note="; ".join(one.wrong[:3]) or f"{one.calls} calls of Slack meanwhile",
            peer=f"Alertmanager {version}: of {len(SHORT)} such alerts, never delivered",
            peer_value=missed,
        )


def _ours(folder: Path, kind: str) -> Played:
    folder.mkdir()
    with scene(folder) as stage:
        return play(stage, kind, lambda _: time.sleep(SECONDS))


def _theirs(folder: Path) -> tuple[int, str]:
    """How many alerts that fired and ended while the receiver answered 500 were never delivered."""
    with receiver() as ear, alertmanager(folder, ear.url) as peer:
        ear.answer = 500
        for name in SHORT:
            peer.fire([name])
            time.sleep(0.5)
            peer.fire([name], over=True)
        time.sleep(SECONDS - 0.5 * len(SHORT))
        ear.answer = 200
        time.sleep(20)
        return len(set(SHORT) - {name for name, _, _ in ear.heard}), peer.version
