"""Replays real rows against the model server and records its answers, and their labels a little later.

Run as `python -m bot.demo.traffic --dir D --server URL --rate 40`.
"""

from __future__ import annotations

import argparse
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import numpy as np

from bot.demo.child import WITH_PARENT, stop_with_parent
from bot.demo.models import SEED, Floats, Labels
from bot.demo.order import endless_order
from bot.demo.places import Pace, Places
from bot.demo.recording import MinuteFiles, label_table, prediction_table
from ops_core.clock import Clock, SystemClock

BATCH_SECONDS = 0.25
FLUSH_SECONDS = 0.5
MOST_ROWS = 500


@dataclass(frozen=True)
class Due:
    """Labels that become known at `at`."""

    at: datetime
    ids: list[str]
    labels: Labels


class Traffic:
    """Sends rows in batches, at the pace given, and keeps both folders of files up to date."""

    def __init__(self, places: Places, ask: Callable[[Floats], tuple[str, Floats]], clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._names, self._features, self._labels = _read_rows(places.rows)
        self._order = endless_order(len(self._labels), SEED + 1)
        self._numbers = _numbered(clock.now())
        self._predictions = MinuteFiles(places.predictions)
        self._labelled = MinuteFiles(places.labels)
        self._due: deque[Due] = deque()

    def send(self, count: int, delay: timedelta) -> None:
        """Ask the server about the next `count` rows and record what it says."""
        rows = np.array([next(self._order) for _ in range(count)])
        version, scores = self._ask(self._features[rows])
        at = self._clock.now()
        ids = [next(self._numbers) for _ in rows]
        columns = {name: self._features[rows, column] for column, name in enumerate(self._names)}
        self._predictions.add(prediction_table(ids, [at] * count, version, columns, scores), at)
        self._due.append(Due(at + delay, ids, self._labels[rows]))

    def flush(self) -> None:
        """Write the answers, and the labels that are due by now."""
        now = self._clock.now()
        while self._due and self._due[0].at <= now:
            due = self._due.popleft()
            table = label_table(due.ids, [due.at] * len(due.ids), due.labels)
            self._labelled.add(table, due.at)
        self._predictions.flush()
        self._labelled.flush()


def replay(traffic: Traffic, pace: Pace, ended: Event) -> None:
    """Traffic at `pace` until `ended`; while the server is down, requests wait."""
    start, sent, flushed = time.monotonic(), 0, 0.0
    while not ended.wait(BATCH_SECONDS if sent else 0):
        elapsed = time.monotonic() - start
        waiting = int(pace.burst + pace.rate * elapsed) - sent
        try:
            if waiting > 0:
                traffic.send(min(waiting, MOST_ROWS), pace.delay)
                sent += min(waiting, MOST_ROWS)
        except httpx.HTTPError as problem:
            print(f"the model server did not answer: {problem}", flush=True)  # noqa: T201 - the log
        if elapsed - flushed >= FLUSH_SECONDS:
            traffic.flush()
            flushed = elapsed
    traffic.flush()


def asking(url: str) -> Callable[[Floats], tuple[str, Floats]]:
    """Asks the model server at `url`: rows → the version that answered, and its scores."""
    client = httpx.Client(base_url=url, timeout=5, trust_env=False)

    def ask(rows: Floats) -> tuple[str, Floats]:
        response = client.post("/predict", json={"rows": rows.tolist()})
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return str(answer["version"]), np.asarray(answer["scores"], dtype=np.float64)

    return ask


def _read_rows(file: Path) -> tuple[list[str], Floats, Labels]:
    from pyarrow import parquet  # heavy: 0.2 s

    table = parquet.read_table(file)
    labels = table["label"].to_numpy()
    features = table.drop_columns("label")
    return features.column_names, np.column_stack([column.to_numpy() for column in features]), labels


def _numbered(start: datetime) -> Iterator[str]:
    number = 0
    while True:
        yield f"live-{start:%Y%m%dT%H%M%S}-{number:07d}"
        number += 1


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.demo.traffic", description=__doc__)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--rate", type=float, default=40, help="rows a second")
    parser.add_argument("--burst", type=int, default=0, help="rows that wait at the start")
    parser.add_argument("--label-delay", type=float, default=2, help="seconds from answer to label")
    parser.add_argument(WITH_PARENT, action="store_true", help="stop when standard input ends")
    given = parser.parse_args()
    ended = Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    signal.signal(signal.SIGINT, lambda *_: ended.set())
    if given.with_parent:
        stop_with_parent()
    pace = Pace(given.rate, given.burst, timedelta(seconds=given.label_delay))
    replay(Traffic(Places(given.dir), asking(given.server), SystemClock()), pace, ended)


if __name__ == "__main__":
    main()
