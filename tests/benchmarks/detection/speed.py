"""How long detection takes and how much memory, against its peers in the same run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from bot import processor
from tests.benchmarks.detection.data import Pair, made
from tests.benchmarks.detection.venvs import ALIBI_DETECT, EVIDENTLY, NANNYML, Peer
from tests.benchmarks.figure import Figure
from tests.benchmarks.stand import ROOT

BENCH = ROOT / ".bench"
PEERS = Path(__file__).parent / "peers"
RUNS = 3
TURNS = 5
PATIENCE_SECONDS = 900
AT_LEAST = {EVIDENTLY: 100.0, NANNYML: 25.0, ALIBI_DETECT: 3.5}
QUIET = {"DO_NOT_TRACK": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}


def against_peers(folder: Path) -> Iterable[Figure]:
    """The whole job of a million rows against a million, reference built, taking turns with the peers."""
    pair = made(BENCH / "data", "1m")
    pythons = {peer: peer.python(BENCH / "peers") for peer in AT_LEAST}
    ours: dict[str, list[float]] = {"whole": [], "drift": []}
    theirs: dict[Peer, list[float]] = {peer: [] for peer in AT_LEAST}
    for _ in range(RUNS):
        for name, seconds in ours.items():
            seconds.append(job(name, "1m", folder)["seconds"])
        for peer, python in pythons.items():
            took = None if python is None or len(theirs[peer]) > 0 else _peer(peer, python, pair)
            theirs[peer] += [took] if took is not None else []
    yield Figure("detection: whole job, 1M + 1M rows", median(ours["whole"]), "s", note=_told(ours["whole"]))
    for peer, least in AT_LEAST.items():
        name = "drift" if peer is ALIBI_DETECT else "whole"
        yield from _compared(peer, name, median(ours[name]), theirs[peer], least)


def _compared(peer: Peer, name: str, ours: float, theirs: list[float], least: float) -> Iterator[Figure]:
    told = f"detection: {name} job as a share of {peer.name}’s"
    if not theirs:
        yield Figure(told, 0.0, "", note="could not be installed or run here; not measured")
        return
    ratio = ours / median(theirs)
    note = f"{1 / ratio:.0f}× as fast, at least {least:g}× promised"
    yield Figure(told, ratio, "", 1 / least, peer.name, median(theirs), note)


def daily(folder: Path) -> Iterable[Figure]:
    """A day's check with a stored reference against decoding the same columns, warm, taking turns."""
    made(BENCH / "data", "1m")
    runs = [[job(name, "1m", folder)["seconds"] for name in ("daily", "decode")] for _ in range(TURNS)]
    ratios = [check / decode for check, decode in runs]
    seconds, decode = map(median, zip(*runs, strict=True))
    note = f"{seconds:.2f} s against {decode:.2f} s; {_told(ratios)}"
    yield Figure("detection: daily check over bare decoding, 1M rows", median(ratios), "×", 1.6, note=note)


def memory(folder: Path) -> Iterable[Figure]:
    """Peak memory of the whole job at a million and at ten million rows."""
    runs = {size: [job("whole", size, folder)["megabytes"] for _ in range(RUNS)] for size in ("1m", "10m")}
    for size, megabytes in runs.items():
        yield Figure(
            f"detection: peak memory, {size} rows", median(megabytes), "MB", 400.0, note=_told(megabytes)
        )
    growth = median(runs["10m"]) / median(runs["1m"]) - 1
    yield Figure("detection: growth of memory, 1M to 10M rows", 100 * growth, "%", 10.0)


def job(name: str, size: str, folder: Path) -> dict[str, Any]:
    """One of our jobs in a process of its own."""
    made(BENCH / "data", size)
    command = ["-m", "tests.benchmarks.detection.job", name, str(BENCH / "data"), size, str(folder)]
    found = _run(Path(sys.executable), command, processor.environment())
    if found is None:
        raise RuntimeError(f"our own job {name} failed")
    return found


def _peer(peer: Peer, python: Path, pair: Pair) -> float | None:
    script = PEERS / f"{peer.name.replace('-', '_')}_job.py"
    found = _run(python, [str(script), str(pair.reference), str(pair.current)], QUIET)
    return None if found is None else float(found["seconds"])


def _run(python: Path, arguments: list[str], settings: Mapping[str, str]) -> dict[str, Any] | None:
    environment = {**os.environ, **settings}
    try:
        ran = subprocess.run(
            [str(python), *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    if ran.returncode:
        print(ran.stderr[-500:], file=sys.stderr)
        return None
    found: dict[str, Any] = json.loads(ran.stdout.strip().splitlines()[-1])
    return found


def _told(values: list[float]) -> str:
    return f"{min(values):.2f}–{max(values):.2f}, n = {len(values)}"
