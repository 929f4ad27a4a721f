"""The figures of the spine: from one command to a declared incident."""

from __future__ import annotations

from tests.benchmarks import acknowledgement, bot_start, demo_start, incidents, watching
from tests.benchmarks.figure import Measure

MEASURES: dict[str, Measure] = {
    "bot start": bot_start.measure,
    "incidents": incidents.measure,
    "acknowledgement": acknowledgement.measure,
    "watching": watching.measure,
    "demo start": demo_start.measure,
}
