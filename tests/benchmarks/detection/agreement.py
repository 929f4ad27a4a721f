"""How far the figures from counts lie from those of scikit-learn and SciPy on the rows themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyarrow import parquet

from bot.adapters.parquet import ParquetSource
from ops_core.checks.profiled import Profiles, read_profiles
from ops_core.drift.measures import SMOOTHING, jensen_shannon, stability_index
from ops_core.drift.measures import both as shares_of
from ops_core.profiles.cells import Numeric
from ops_core.profiles.columns import Floats
from ops_core.profiles.parity import treatments
from ops_core.profiles.performance import METRICS, Confusion
from ops_core.profiles.ranking import Auc
from tests.benchmarks.detection.data import NUMBERS, made
from tests.benchmarks.detection.job import plan
from tests.benchmarks.figure import Figure
from tests.benchmarks.stand import ROOT

SIZE = "100k"


@dataclass(frozen=True)
class Both:
    """What was counted, and the rows themselves."""

    profiles: Profiles
    usual: Any
    current: Any

    def column(self, name: str) -> NDArray[Any]:
        """Of the current rows."""
        column: NDArray[Any] = self.current[name].to_numpy()
        return column


def agreement(folder: Path) -> Iterable[Figure]:
    """The greatest difference of each kind, on the files of 100,000 rows."""
    pair = made(ROOT / ".bench" / "data", SIZE)
    both = Both(
        read_profiles(plan(pair), ParquetSource()),
        parquet.read_table(pair.reference),
        parquet.read_table(pair.current),
    )
    yield Figure("detection: performance, from scikit-learn’s", _performance(both), "", 1e-12)
    yield Figure("detection: fairness by group, from the rows’", _fairness(both), "", 1e-12)
    yield Figure("detection: AUC, from scikit-learn’s", _auc(both), "", 1e-6)
    yield from _kolmogorov_smirnov(both)
    yield from _divergences(both)


def _performance(both: Both) -> float:
    from sklearn import metrics

    came, said = both.column("target"), both.column("pred")
    theirs = {
        "accuracy": metrics.accuracy_score(came, said),
        "f1": metrics.f1_score(came, said),
        "precision": metrics.precision_score(came, said),
        "recall": metrics.recall_score(came, said),
        "false_positive_rate": 1 - metrics.recall_score(came, said, pos_label=0),
    }
    counted = Confusion.of(both.profiles.window.confusion, both.profiles.window.layout)
    apart = [abs((METRICS[name].rate(counted).value or 0) - value) for name, value in theirs.items()]
    return float(max(apart))


def _fairness(both: Both) -> float:
    came, said, group = both.column("target"), both.column("pred"), both.column("group")
    worst = 0.0
    for name, treatment in treatments(both.profiles.window).items():
        here = group == name
        pairs = (
            (treatment.selection, said[here]),
            (treatment.true_positive, said[here & (came == 1)]),
            (treatment.false_positive, said[here & (came == 0)]),
        )
        worst = max(worst, *(abs((rate.value or 0) - rows.mean()) for rate, rows in pairs if len(rows)))
    return worst


def _auc(both: Both) -> float:
    from sklearn.metrics import roc_auc_score

    exact = float(roc_auc_score(both.column("target"), both.column("score")))
    return abs(float(Auc.of(both.profiles.window).value or 0) - exact)


def _kolmogorov_smirnov(both: Both) -> Iterator[Figure]:
    """The distance at the edges, which lie dense: it is below the exact one by less than a cell's share."""
    from scipy.stats import ks_2samp

    worst = 0.0
    for name in NUMBERS:
        usual, current = (_known(table[name].to_numpy()) for table in (both.usual, both.current))
        exact = ks_2samp(usual, current, method="asymp").statistic
        worst = max(worst, abs(exact - _at_edges(both.profiles, name)))
    yield Figure("detection: KS, from SciPy’s", worst, "", 1e-3, note=f"{len(NUMBERS)} features")


def _divergences(both: Both) -> Iterator[Figure]:
    """PSI and JS of rows that NumPy counts in the same ten parts, by SciPy's formulas."""
    from scipy.spatial.distance import jensenshannon
    from scipy.stats import entropy

    apart = {"PSI": 0.0, "JS": 0.0}
    for name in NUMBERS:
        ours, theirs = _in_parts(both.profiles, name), _of_rows(both, name)
        psi = float(entropy(*theirs) + entropy(*theirs[::-1]))
        apart["PSI"] = max(apart["PSI"], abs(stability_index(*ours) - psi))
        apart["JS"] = max(apart["JS"], abs(jensen_shannon(*ours) - float(jensenshannon(*theirs, base=2))))
    for measure, worst in apart.items():
        name = f"detection: {measure} on the same parts, from SciPy’s"
        yield Figure(name, worst, "", 1e-9, note=f"{len(NUMBERS)} features")


def _in_parts(profiles: Profiles, name: str) -> tuple[Floats, Floats]:
    cells = _numeric(profiles, name)
    now, usual = (cells.coarsen(each.tallies[name].counts) for each in (profiles.window, profiles.reference))
    return shares_of(now, usual)


def _of_rows(both: Both, name: str) -> list[Floats]:
    cells = _numeric(both.profiles, name)
    ends = np.concatenate([[-np.inf], cells.inner[list(cells.coarse)], [np.inf]])
    tables = (both.current, both.usual)
    counted = [np.histogram(_known(each[name].to_numpy()), ends)[0] for each in tables]
    smooth = [counts[sum(counted) > 0] + SMOOTHING for counts in counted]
    return [counts / counts.sum() for counts in smooth]


def _numeric(profiles: Profiles, name: str) -> Numeric:
    cells = profiles.window.layout.features[name]
    assert isinstance(cells, Numeric)
    return cells


def _at_edges(profiles: Profiles, name: str) -> float:
    below = [
        np.cumsum(each.tallies[name].counts) / each.tallies[name].n
        for each in (profiles.reference, profiles.window)
    ]
    return float(np.abs(below[0] - below[1]).max())


def _known(values: Floats) -> Floats:
    return values[~np.isnan(values)]
