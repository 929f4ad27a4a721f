"""The product's own path over the made-up traffic, in a process of its own: plan, profiles, findings.

Its environment is that of the worker: see `bot.processor`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from bot.adapters.parquet import ParquetSource
from bot.adapters.parquet_files import (
    Wanted,
    opened,
    row_groups,
)
from bot.adapters.places import list_files
from bot.memory import settle
from ops_core.checks.run import run_checks
from ops_core.checks.watch import CheckPlan, CheckSpec, Watched
from ops_core.store.database import Database
from ops_core.store.migrate import migrate
from ops_core.store.profiles import StoredProfiles
from tests.benchmarks.detection.data import FEATURES, NOON, Pair, made

DRIFT = ("drift.data", "drift.prediction")
WHOLE = (
    *DRIFT,
    *(f"quality.{name}" for name in ("null_rate", "range", "schema", "volume")),
    *(
        f"performance.{name}"
        for name in ("f1", "accuracy", "precision", "recall", "false_positive_rate", "auc")
    ),
    *(
        f"fairness.{name}"
        for name in ("demographic_parity", "equal_opportunity", "equalised_odds", "disparate_impact")
    ),
)
REPEATS = 5
STATUS = Path("/proc/self/status")
IMPORTED = ("pyarrow", "pyarrow.compute", "pyarrow.parquet")
"""What the product imports where it is used."""


def plan(pair: Pair, checks: tuple[str, ...] = WHOLE) -> CheckPlan:
    """A day that ends with the last row of the current file."""
    watched = Watched(
        name="made",
        predictions=str(pair.current),
        reference=str(pair.reference),
        key_column="id",
        at_column="ts",
        version_column=None,
        features=FEATURES,
        prediction_column="pred",
        label_column="target",
        group_column="group",
    )
    end = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=NOON)
    return CheckPlan(watched, timedelta(days=1), end, tuple(map(CheckSpec, checks)))


def whole(pair: Pair, folder: Path) -> dict[str, Any]:
    """Everything from nothing: the reference is built, all checks judge."""
    return _timed(lambda: run_checks(plan(pair), ParquetSource()))


def drift(pair: Pair, folder: Path) -> dict[str, Any]:
    """The same, drift only."""
    return _timed(lambda: run_checks(plan(pair, DRIFT), ParquetSource()))


def daily(pair: Pair, folder: Path) -> dict[str, Any]:
    """With a stored reference, warm."""
    database = Database(f"sqlite:///{folder / 'bench.db'}")
    migrate(database)
    shelf = StoredProfiles(database)
    run_checks(plan(pair), ParquetSource(), shelf)
    return _warm(lambda: run_checks(plan(pair), ParquetSource(), shelf))


def decode(pair: Pair, folder: Path) -> dict[str, Any]:
    """All columns that the checks need, by row group in two threads, and nothing else; warm."""
    watched = plan(pair).watched
    wanted = Wanted((*watched.role_columns, *FEATURES, "group"))
    (stored,) = list_files(watched.predictions)

    def one(group: Any) -> None:
        with opened(stored, group.metadata, group.texts) as file:
            file.read_row_group(group.number, columns=group.columns, use_threads=False)

    def all_of_them() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(one, row_groups(stored, wanted)))

    all_of_them()
    return _warm(all_of_them)


def _seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def _warm(job: Callable[[], object]) -> dict[str, Any]:
    return {"seconds": median(_seconds(job) for _ in range(REPEATS)), **_memory()}


def _timed(job: Callable[[], object]) -> dict[str, Any]:
    return {"seconds": _seconds(job), **_memory()}


def _memory() -> dict[str, float]:
    """The most of this process alone: `getrusage` counts the one that it was started from as well."""
    (line,) = (one for one in STATUS.read_text().splitlines() if one.startswith("VmHWM:"))
    return {"megabytes": int(line.split()[1]) / 1024}


def main() -> None:
    """`job.py whole|drift|daily|decode DATA SIZE FOLDER`: prints what it took as JSON."""
    name, data, size, folder = sys.argv[1:]
    settle()  # as in the worker
    for module in IMPORTED:  # before the clock starts, as the peers import theirs
        import_module(module)
    jobs = {"whole": whole, "drift": drift, "daily": daily, "decode": decode}
    print(json.dumps(jobs[name](made(Path(data), size), Path(folder))))


if __name__ == "__main__":
    main()
