"""Trains both versions and writes what they leave behind: models, metrics, reference, and a day of traffic.

Run as `python -m bot.demo.training --dir D --now 2026-11-20T12:00:00+00:00`.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bot.demo import models
from bot.demo.models import Floats, Rows, Split
from bot.demo.order import endless_order
from bot.demo.places import HISTORY, Places
from bot.demo.recording import label_table, prediction_table, write_whole

EVERY = timedelta(seconds=30)
"""Between two requests of the day before."""

LABEL_DELAY = timedelta(seconds=2)


def train(places: Places, now: datetime) -> None:
    """Everything that the model's past has left behind at the moment `now`."""
    parts = models.split()
    exported = models.as_exported(parts.training)
    good = models.good_pipeline().fit(parts.training.features, parts.training.labels)
    faulty = models.faulty_pipeline().fit(exported.features, exported.labels)
    _save(places.training / "1", good, parts.reference)
    _save(places.training / "2", faulty, models.as_exported(parts.reference))
    _write_reference(places.reference, parts, good, now - HISTORY)
    _write_rows(places.rows, parts)
    _write_history(places, parts, good, now)


def _save(place: Path, pipeline: Any, validation: Rows) -> None:
    place.mkdir(parents=True)
    (place / "model.pkl").write_bytes(pickle.dumps(pipeline))
    metrics = models.offline_metrics(pipeline, validation)
    (place / "metrics.json").write_text(json.dumps(metrics))


def _write_reference(file: Path, parts: Split, pipeline: Any, at: datetime) -> None:
    rows = parts.reference
    moments = [at - EVERY * (len(rows) - place) for place in range(len(rows))]
    ids = [f"reference-{place:04d}" for place in range(len(rows))]
    scores = models.scores(pipeline, rows.features)
    table = prediction_table(ids, moments, "1", _columns(parts, rows.features), scores)
    write_whole(table.append_column("label", [rows.labels]), file)


def _write_rows(file: Path, parts: Split) -> None:
    import pyarrow as pa  # heavy: 0.2 s

    columns = _columns(parts, parts.traffic.features)
    write_whole(pa.table({**columns, "label": parts.traffic.labels}), file)


def _write_history(places: Places, parts: Split, pipeline: Any, now: datetime) -> None:
    """The day before, as v1 really answers the rows, in one file an hour."""
    count = HISTORY // EVERY
    end = now - LABEL_DELAY * 2  # all labels are known by now
    moments = [end - EVERY * (count - place) for place in range(count)]
    order = endless_order(len(parts.traffic), models.SEED)
    rows = np.array([next(order) for _ in moments])
    scores = models.scores(pipeline, parts.traffic.features)
    for start in range(0, count, timedelta(hours=1) // EVERY):
        hour = slice(start, start + timedelta(hours=1) // EVERY)
        ids = [f"history-{start + place:06d}" for place in range(len(moments[hour]))]
        features = _columns(parts, parts.traffic.features[rows[hour]])
        answers = prediction_table(ids, moments[hour], "1", features, scores[rows[hour]])
        known = [moment + LABEL_DELAY for moment in moments[hour]]
        labels = label_table(ids, known, parts.traffic.labels[rows[hour]])
        _write_aged(places.predictions, moments[hour], answers)
        _write_aged(places.labels, known, labels)


def _write_aged(folder: Path, at: Sequence[datetime], table: Any) -> None:
    folder.mkdir(exist_ok=True)
    file = folder / f"{at[0]:%Y%m%dT%H%MZ}.parquet"
    write_whole(table, file)
    last = at[-1].timestamp()
    os.utime(file, (last, last))  # as if written then: readers skip files by their age


def _columns(parts: Split, features: Floats) -> dict[str, Any]:
    return {name: features[:, place] for place, name in enumerate(parts.names)}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.demo.training", description=__doc__)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--now", type=datetime.fromisoformat, required=True)
    given = parser.parse_args()
    train(Places(given.dir), given.now)


if __name__ == "__main__":
    main()
