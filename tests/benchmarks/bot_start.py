"""How long the bot takes from its start to its connection with Slack, and the memory that it then needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

import psutil

from tests.benchmarks.figure import INCIDENTBOT, Figure, spread
from tests.benchmarks.stand import bot, configured, workspace

STARTS = 5
MB = 2**20


def measure(folder: Path) -> Iterator[Figure]:
    """Starts over a database that exists; the first one, which makes it, does not count."""
    seconds, memory = [], []
    with workspace(folder) as url:
        config = configured(folder, url)
        for _ in range(STARTS + 1):
            with bot(config, url) as (process, took):
                seconds.append(took)
                memory.append(resident(process))
    first, warm = seconds[0], seconds[1:]
    yield Figure(
        "bot start to ready, warm database",
        median(warm),
        "s",
        bar=1.2,
        peer=INCIDENTBOT,
        peer_value=1.45,
        note=f"{spread(warm, 2)}; the first start, which makes the database: {first:.2f}",
    )
    yield Figure(
        "memory of the ready bot",
        median(memory[1:]),
        "MB",
        bar=110,
        peer=INCIDENTBOT,
        peer_value=145,
        note=f"with its children; {spread(memory[1:])}",
    )


def resident(process: psutil.Process, *, with_children: bool = True) -> float:
    """Resident memory in MB; pages that a process shares with its children count for each of them."""
    family = [process, *(process.children(recursive=True) if with_children else ())]
    return float(sum(one.memory_info().rss for one in family)) / MB
