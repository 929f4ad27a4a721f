"""A serving process pushes while the bot is killed with -9; nothing is lost, counted or said twice."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.benchmarks.alert_stand import AlertStand, alert_stand
from tests.scenarios.chaos import wait_until
from tests.scenarios.storm import killing

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]

KILLS = int(os.environ.get("TOCSIN_CHAOS", "3"))
SEED = int(os.environ.get("TOCSIN_CHAOS_SEED", "1"))
PUSHES, EACH = 120, 40


def write_reference(folder: Path) -> None:
    """Answers of which one in twenty is wrong."""
    n = 4_000
    label = np.arange(n) % 2
    said = np.where(np.arange(n) % 20 == 0, 1 - label, label)
    at = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=each) for each in range(n)]
    columns = {"request_id": np.arange(n), "at": at, "prediction": said, "label": label}
    parquet.write_table(pa.table(columns), folder / "reference.parquet")


def push(stand: AlertStand, key: str, errors: int) -> None:
    """One push, sent again until somebody says that it is on the disk."""
    told = {"model": "churn", "predictions": EACH, "errors": errors, "key": key}

    def taken() -> bool:
        try:
            answer = httpx.post(
                f"http://127.0.0.1:{stand.port}/sources/serving", json=told, trust_env=False, timeout=5
            )
        except httpx.TransportError:
            return False
        assert answer.status_code in (202, 503), answer.text
        return answer.status_code == 202

    assert wait_until(taken, 60)


def counted(stand: AlertStand) -> tuple[int, int]:
    """Answers and errors on the disk."""
    with closing(sqlite3.connect(f"file:{stand.database}?mode=ro", uri=True)) as connection:
        asked = "SELECT sum(p.value ->> 1), sum(p.value ->> 2) FROM stream_stretch, json_each(pieces) AS p"
        rows, errors = connection.execute(asked).fetchone()
    return int(rows or 0), int(errors or 0)


def test_what_is_pushed_counts_once_though_the_bot_is_killed(tmp_path: Path) -> None:
    """Every answer and every error; and the jump of errors stands there once."""
    write_reference(tmp_path)
    more: dict[str, Any] = {
        "models": {"churn": {"predictions": "predictions/", "reference": "reference.parquet"}},
        "sources": {"serving": {"kind": "stream", "open": True}},
    }
    chance = random.Random(SEED)  # noqa: S311 - errors, not secrets
    pushed = 0
    with alert_stand(tmp_path, limits=False, **more) as stand:
        with killing(stand, KILLS, SEED, longest=1.5) as lives:
            for number in range(PUSHES):
                rate = 0.05 if number < PUSHES // 2 else 0.3
                errors = sum(chance.random() < rate for _ in range(EACH))
                push(stand, f"k{number}", errors)
                pushed += errors
        assert len(lives) == KILLS
        assert wait_until(lambda: cards(stand) > 0, 60) and wait_until(stand.quiet, 60)
        assert counted(stand) == (PUSHES * EACH, pushed)
        assert cards(stand) == 1


def cards(stand: AlertStand) -> int:
    """Messages that tell of the stream."""
    return sum("have been wrong since" in str(each.get("blocks")) for each in stand.messages())
