"""How often a reference's answers are wrong, as a stream is held against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from bot.adapters.engines import usual_errors_where_rows_lie
from ops_core.checks.watch import CheckPlan
from ops_core.store.database import Database
from ops_core.store.migrate import migrate
from tests.adapters.test_parquet import Files, served, write
from tests.profiles.made import NOW, REFERENCE

WRONG = int(np.sum(np.asarray(REFERENCE.label) != np.asarray(REFERENCE.prediction)))


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A reference with its labels."""
    usual = served(REFERENCE, "r").append_column("label", pa.array(REFERENCE.label))
    write(tmp_path / "reference.parquet", usual)
    return Files(tmp_path)


def told(files: Files, database: str | None = None, **watched: Any) -> tuple[int, int] | None:
    """What is read."""
    plan = CheckPlan(replace(files.watched, **watched), timedelta(days=1), NOW)
    return usual_errors_where_rows_lie(plan.to_json(), database)


def test_wrong_answers_are_counted(files: Files) -> None:
    """Of all that have a label."""
    assert told(files) == (WRONG, len(REFERENCE))


def test_they_are_read_once(files: Files, tmp_path: Path) -> None:
    """And kept, as all that is read of a reference."""
    database = Database(f"sqlite:///{tmp_path / 'tocsin.db'}")
    migrate(database)
    assert told(files, database.url) == told(files, database.url) == (WRONG, len(REFERENCE))


def test_numbers_have_no_wrong_answers(files: Files) -> None:
    """What is too far off only the one who pushes knows."""
    assert told(files, task="regression") is None


def test_a_reference_without_labels_cannot_tell(files: Files, tmp_path: Path) -> None:
    """Nor can one that is not there."""
    assert told(files, reference=str(tmp_path / "none.parquet")) is None
    write(tmp_path / "reference.parquet", served(REFERENCE, "r"))
    assert told(files) is None
