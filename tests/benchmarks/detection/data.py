"""Made-up traffic of a model, the same for every tool: thirty days of reference, one of predictions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

NUMBERS = tuple(f"n{at}" for at in range(15))
TEXTS = tuple(f"c{at}" for at in range(5))
CARDINALITIES = (5, 12, 30, 80, 200)
FEATURES = (*NUMBERS, *TEXTS)
SIZES = {"100k": 100_000, "1m": 1_000_000, "10m": 10_000_000}
ROWS_AT_ONCE = 1_048_576
ROW_GROUP = 131_072
DAY = 86_400_000_000
NOON = 1_772_366_400_000_000
"""Microseconds since 1970: 2026-03-01, 12:00 UTC; the day of predictions ends then."""


@dataclass(frozen=True)
class Pair:
    """The files of one size."""

    reference: Path
    current: Path
    rows: int


def made(folder: Path, size: str) -> Pair:
    """Both files of a size, written unless they are there."""
    rows = SIZES[size]
    pair = Pair(folder / f"reference-{size}.parquet", folder / f"current-{size}.parquet", rows)
    for path, seed, days, drifted in ((pair.reference, 1000, 30, False), (pair.current, 2000, 1, True)):
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            written = path.with_suffix(".part")
            _write(written, rows, seed, days, drifted=drifted)
            written.rename(path)
    return pair


def _write(path: Path, rows: int, seed: int, days: int, *, drifted: bool) -> None:
    writer, left, part = None, rows, 0
    start = NOON - DAY if days == 1 else NOON - (days + 1) * DAY
    parts = -(-rows // ROWS_AT_ONCE)
    while left:
        n = min(left, ROWS_AT_ONCE)
        begin, end = start + days * DAY * part // parts, start + days * DAY * (part + 1) // parts
        table = _table(n, seed + part, begin, end, drifted=drifted)
        writer = writer or parquet.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=ROW_GROUP)
        left, part = left - n, part + 1
    if writer is not None:
        writer.close()


def _table(n: int, seed: int, start: int, end: int, *, drifted: bool) -> pa.Table:
    random = np.random.default_rng(seed)
    columns: dict[str, Any] = dict(_numbers(random, n, drifted=drifted))
    columns |= dict(_texts(random, n, drifted=drifted))
    group = np.searchsorted([0.45, 0.8, 0.95], random.random(n))
    logit = random.normal(-1.0, 1.2, n) + np.array([0, 0.2, -0.3, 0.1])[group]
    score = 1 / (1 + np.exp(-logit))
    came = random.random(n) < 1 / (1 + np.exp(-(1.3 * logit + (0.3 if drifted else 0.0))))
    columns |= {
        "score": score,
        "pred": (score >= 0.4).astype(np.int8),
        "target": came.astype(np.int8),
        "group": np.array(["A", "B", "C", "D"])[group],
        "ts": pa.array(np.sort(random.integers(start + 1, end, n)), pa.timestamp("us", "UTC")),
    }
    return pa.table(columns)


def _numbers(random: np.random.Generator, n: int, *, drifted: bool) -> Iterator[tuple[str, pa.Array]]:
    """Normal, lognormal, heavy-tailed, whole, zero-inflated and two-humped ones, each with some nulls."""
    for at, name in enumerate(NUMBERS):
        if at < 5:
            values = random.normal(10 * at, 1 + at, n) + (0.2 if drifted and at == 1 else 0.0)
        elif at < 9:
            values = random.lognormal(2.0, 0.8, n) * (1.2 if drifted and at == 6 else 1.0)
        elif at < 12:
            values = random.standard_t(3, n) * 5
        elif at == 12:
            values = random.poisson(4, n).astype(float)
        elif at == 13:
            values = np.where(random.random(n) < 0.6, 0.0, random.exponential(100, n))
        else:
            values = np.where(random.random(n) < 0.5, random.normal(-3, 1, n), random.normal(3, 0.5, n))
        yield name, pa.array(values, mask=random.random(n) < 0.01 + 0.01 * (at % 5))


def _texts(random: np.random.Generator, n: int, *, drifted: bool) -> Iterator[tuple[str, pa.Array]]:
    for at, (name, cardinality) in enumerate(zip(TEXTS, CARDINALITIES, strict=True)):
        weights = 1 / np.arange(1, cardinality + 1) ** 1.1
        if drifted and at == 2:
            weights[0] *= 1.5
        codes = np.searchsorted(np.cumsum(weights / weights.sum())[:-1], random.random(n)).astype(np.int32)
        missing = random.random(n) < (0.03 if at % 2 else 0.0)
        values = pa.array([f"{name}-{code:03d}" for code in range(cardinality)])
        yield name, pa.DictionaryArray.from_arrays(pa.array(codes, mask=missing), values).cast(pa.string())
