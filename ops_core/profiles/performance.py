"""Performance of a classifier, as rates read off its confusion counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ops_core.profiles.columns import Counts
from ops_core.profiles.layout import Layout
from ops_core.profiles.rates import Rate, Worse


@dataclass(frozen=True)
class Confusion:
    """Counts of the positive class against all others, and how many rows were right in any class."""

    tp: int
    fp: int
    fn: int
    tn: int
    correct: int

    @property
    def n(self) -> int:
        """All rows."""
        return self.tp + self.fp + self.fn + self.tn

    @classmethod
    def of(cls, joint: Counts, layout: Layout) -> Confusion:
        """From counts of label × prediction, "another class" last.

        Labels of another class are left out, for nobody knows what they mean; such predictions are wrong.
        """
        at = layout.classes.index(layout.positive)
        known = joint[: len(layout.classes)]
        tp, labelled, predicted = int(known[at, at]), int(known[at].sum()), int(known[:, at].sum())
        fn, fp = labelled - tp, predicted - tp
        return cls(tp, fp, fn, int(known.sum()) - tp - fp - fn, int(known.diagonal().sum()))


@dataclass(frozen=True)
class Metric:
    """A rate with the words for it, and which direction is bad."""

    name: str
    label: str
    rate: Callable[[Confusion], Rate]
    worse: Worse
    undefined: str


METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("accuracy", "Accuracy", lambda c: Rate(c.correct, c.n), "lower", "no row is labelled"),
        Metric(
            "f1",
            "F1",
            lambda c: Rate(c.tp, c.tp + c.fp + c.fn, harmonic=True),
            "lower",
            "no row is positive or predicted positive",
        ),
        Metric(
            "precision",
            "Precision",
            lambda c: Rate(c.tp, c.tp + c.fp),
            "lower",
            "no row is predicted positive",
        ),
        Metric("recall", "Recall", lambda c: Rate(c.tp, c.tp + c.fn), "lower", "no row is positive"),
        Metric(
            "false_positive_rate",
            "False-positive rate",
            lambda c: Rate(c.fp, c.fp + c.tn),
            "higher",
            "no row is negative",
        ),
    )
}
