"""The figures of alerting: from another monitor's webhook to the channel, also when everything breaks."""

from __future__ import annotations

from tests.benchmarks import answers, intake, outages, reconciled, restarted, storm
from tests.benchmarks.figure import Measure

MEASURES: dict[str, Measure] = {
    "intake": intake.measure,
    "answers": answers.measure,
    "storm": storm.measure,
    "killed": storm.measure_killed,
    "outages": outages.measure,
    "reconciled": reconciled.measure,
    "restarted": restarted.measure,
}
