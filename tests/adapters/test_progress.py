"""A run in the worker is seen to proceed from outside, and finds the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from bot.adapters.judge import FileJudge, Plan
from bot.adapters.note import Note
from bot.adapters.parquet import ParquetSource
from bot.worker import Worker
from ops_core.checks.progress import REFERENCE, SERVED, Progress
from ops_core.checks.run import run_checks
from ops_core.checks.told import telling
from ops_core.checks.watch import CheckPlan, CheckSpec, Watched
from ops_core.clock import VirtualClock
from tests.profiles.made import NOW
from tests.profiles.made import REFERENCE as USUAL

SPECS = (CheckSpec("performance.accuracy"), CheckSpec("drift.prediction"))


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """A model whose reference and predictions are the same file."""
    columns = {"score": USUAL.score, "prediction": USUAL.prediction, "label": USUAL.label}
    table = pa.table({"at": pa.array(USUAL.at, pa.timestamp("us", "UTC")), **columns})
    parquet.write_table(table, tmp_path / "rows.parquet", row_group_size=500)
    rows = str(tmp_path / "rows.parquet")
    return Watched("tumour", rows, rows, version_column=None)


@pytest.fixture
def worker() -> Iterator[Worker]:
    """A worker that is closed when the test ends."""
    with Worker() as made:
        yield made


def test_every_row_is_told_once(watched: Watched) -> None:
    """Of the reference and of the window, in whatever thread it was read."""
    told: list[Progress] = []
    plan = CheckPlan(watched, timedelta(days=1), NOW, SPECS)
    found = run_checks(plan, telling(ParquetSource(), told.append))
    assert {
        phase: max(each.rows for each in told if each.phase == phase) for phase in (REFERENCE, SERVED)
    } == {
        REFERENCE: len(USUAL),
        SERVED: len(USUAL),
    }
    assert found == run_checks(plan, ParquetSource())


def test_who_waits_for_the_worker_is_told(watched: Watched, worker: Worker) -> None:
    """By way of a file; the findings are those of a run that nobody watches."""
    judge = FileJudge(worker, VirtualClock(NOW), {"tumour": Plan(timedelta(days=1), SPECS)})
    told: list[Progress] = []
    assert judge.judge(watched, tell=told.append) == judge.judge(watched)
    assert told and told[-1].phase in (REFERENCE, SERVED) and told[-1].rows > 0


def test_a_note_is_whole_whenever_it_is_read(tmp_path: Path) -> None:
    """A second step a moment later waits for its turn."""
    note = Note(tmp_path / "progress.json")
    note(Progress(SERVED, 1))
    note(Progress(SERVED, 2))
    assert (tmp_path / "progress.json").read_text() == '{"phase": "reading what was served", "rows": 1}'
