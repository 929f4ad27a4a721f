"""`python -m tests.benchmarks [spine]`: measure, print a table, write `.bench/results.json`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import alerts, detection, machine, spine, table
from tests.benchmarks.figure import Figure, Measure
from tests.benchmarks.stand import ROOT

SUITES: dict[str, dict[str, Measure]] = {
    "spine": spine.MEASURES,
    "alerts": alerts.MEASURES,
    "detection": detection.MEASURES,
}
RESULTS = ROOT / ".bench" / "results.json"


def main() -> int:
    """Exit code: 0 when every figure holds its bar, 1 when one does not."""
    options = _parser().parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # without bytecode starts take seconds longer
    suites = options.suites or list(SUITES)
    wanted = {name: one for suite in suites for name, one in SUITES[suite].items()}
    before = machine.load()
    figures = list(_measured(wanted, options.only))
    print(table.drawn(figures, machine.described() | {"load": f"{before} before, {machine.load()} after"}))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([one.to_json() for one in figures], indent=2, ensure_ascii=False) + "\n")
    return 0 if all(one.holds for one in figures) else 1


def _measured(wanted: dict[str, Measure], only: str | None) -> Iterator[Figure]:
    for name, measure in wanted.items():
        if only in (None, name):
            print(f"Measuring: {name} …", file=sys.stderr, flush=True)
            with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
                yield from measure(Path(folder))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("suites", nargs="*", choices=[*SUITES, []], help="without one: all")
    parser.add_argument("--only", help="one measure of them, such as “incidents”")
    return parser


if __name__ == "__main__":
    sys.exit(main())
