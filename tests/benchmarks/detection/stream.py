"""How soon a rising error rate is found on a stream, how often a steady one rings; river in the same run."""

from __future__ import annotations

import json
import math
import os
import secrets
import subprocess
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from ops_core.drift.running import ROWS_A_FALSE_ALARM
from ops_core.drift.stream import Errors, evidence
from ops_core.profiles.columns import Bools
from tests.benchmarks.detection.venvs import RIVER
from tests.benchmarks.detection.years import PROCESSES
from tests.benchmarks.figure import Figure
from tests.benchmarks.stand import ROOT

BENCH = ROOT / ".bench"
JOB = Path(__file__).parent / "peers" / "river_job.py"
USUAL, N_USUAL = 0.05, 100_000
ROWS, FROM_ROW, LONGEST_WAIT = 20_000, 10_000, 6_000
# Every how many rows the detector looks.
STRETCH = 10
STREAMS, STREAMS_AFTER, STREAMS_OF_PEERS = 10_000, 5_000, 60
MOST_FALSE = 3.0
NEVER = 1e6


@dataclass(frozen=True)
class Rise:
    """An error rate from row 10,000 on, and within how many rows it must be found."""

    rate: float
    most: int

    @property
    def name(self) -> str:
        """In words."""
        return f"5 → {self.rate:.0%}".replace("%", " %")


RISES = (Rise(0.08, 800), Rise(0.15, 150))


def stream(folder: Path) -> Iterable[Figure]:
    """Steady streams of 20,000 rows first, then rises."""
    seed = secrets.randbits(32)
    theirs = _theirs(folder, seed)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        false = sum(pool.map(_steady, _seeds(seed, STREAMS), chunksize=100))
        waits = [
            list(
                pool.map(_wait, [rise.rate] * STREAMS_AFTER, _seeds(seed + at, STREAMS_AFTER), chunksize=100)
            )
            for at, rise in enumerate(RISES, start=1)
        ]
    note = (
        f"{false} of {STREAMS:,} streams, a look every {STRETCH} rows, seed {seed}{_told(theirs, 'steady')}"
    )
    yield Figure("detection: false alarms in 20,000 rows", 100 * false / STREAMS, "%", MOST_FALSE, note=note)
    for rise, rows in zip(RISES, waits, strict=True):
        known = [each for each in rows if each is not None]
        late = f"90 % within {np.quantile(known, 0.9):.0f}"
        note = f"{late}, {len(known):,} streams, seed {seed}{_told(theirs, rise.name)}"
        yield Figure(
            f"detection: median rows to an alarm, errors {rise.name}",
            float(np.median(known)),
            "",
            float(rise.most),
            note=note,
        )


def made(random: np.random.Generator, rate: float, rows_after: int) -> Bools:
    """Whether each answer is wrong: 5 % of 10,000, then `rate`."""
    rates = np.repeat([USUAL, rate], [FROM_ROW, rows_after])
    return random.random(len(rates)) < rates


def alarm(random: np.random.Generator, wrong: Bools, first: int) -> int | None:
    """After how many rows the product's detector rings, looking after every stretch from row `first` on."""
    errors = wrong.reshape(-1, STRETCH).sum(axis=1).astype(float)
    stream = Errors(errors, np.full(len(errors), float(STRETCH)))
    told = evidence(stream, int(random.binomial(N_USUAL, USUAL)), N_USUAL)
    passes = told[first // STRETCH - 1 :] >= math.log(ROWS_A_FALSE_ALARM)
    return first + STRETCH * int(passes.argmax()) if passes.any() else None


def _seeds(seed: int, count: int) -> list[np.random.SeedSequence]:
    return np.random.SeedSequence(seed).spawn(count)


def _steady(seed: np.random.SeedSequence) -> bool:
    random = np.random.default_rng(seed)
    return alarm(random, made(random, USUAL, ROWS - FROM_ROW), STRETCH) is not None


def _wait(rate: float, seed: np.random.SeedSequence) -> float | None:
    """Rows from the rise to the alarm; None when it rings just before, where waiting would be no measure."""
    random = np.random.default_rng(seed)
    found = alarm(random, made(random, rate, LONGEST_WAIT), FROM_ROW)
    if found == FROM_ROW:
        return None
    return NEVER if found is None else float(found - FROM_ROW)


def _theirs(folder: Path, seed: int) -> Mapping[str, Mapping[str, list[int | None]]]:
    """What river's detectors say to streams like ours; nothing when it cannot be installed."""
    python = RIVER.python(BENCH / "peers")
    if python is None:
        return {}
    random, file = np.random.default_rng(seed), folder / "streams.npz"
    rises = {rise.name: (rise.rate, LONGEST_WAIT) for rise in RISES}
    cases = {"steady": (USUAL, ROWS - FROM_ROW), **rises}
    streams: dict[str, Any] = {
        name: np.stack([made(random, *case) for _ in range(STREAMS_OF_PEERS)]).astype(float)
        for name, case in cases.items()
    }
    np.savez(file, **streams)
    ran = subprocess.run(
        [str(python), str(JOB), str(file), str(FROM_ROW)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=True,
    )
    told: Mapping[str, Mapping[str, list[int | None]]] = json.loads(ran.stdout)
    return told


def _told(theirs: Mapping[str, Mapping[str, list[int | None]]], name: str) -> str:
    """The peers' figure in words."""
    return "".join(f"; {who} {_figure(found[name], name)}" for who, found in theirs.items())


def _figure(found: list[int | None], name: str) -> str:
    if name == "steady":
        return f"{100 * sum(each is not None for each in found) / len(found):.0f} %"
    known = [each - FROM_ROW for each in found if each is not None]
    return f"{np.median(known):.0f}" if known else "never"
