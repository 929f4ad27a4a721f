"""The check of whether features still go together as they did (seed 003, "Feature correlations")."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ops_core.checks.check import chance, no_rows, report
from ops_core.checks.evidence import EVIDENCE_P
from ops_core.checks.finding import JSON, Finding, Verdict
from ops_core.checks.wording import many
from ops_core.profiles.pairs import HEAVY_TAILS
from ops_core.profiles.profile import Profile

MOST_TOLD = 10
NEARLY_ONE = 0.999999
DIGITS = 9
"""The last ones depend on the order in which rows were added."""


@dataclass(frozen=True)
class Pair:
    """Two features, their correlation now and on the reference, and how likely chance moved it so far."""

    names: tuple[str, str]
    now: float
    usual: float
    n: int
    p_value: float

    @property
    def change(self) -> float:
        """How far it moved."""
        return abs(self.now - self.usual)

    def told(self) -> JSON:
        """For the finding's detail."""
        return {
            "features": list(self.names),
            "value": round(self.now, 6),
            "reference": round(self.usual, 6),
            "n": self.n,
            "p_value": self.p_value,
        }


@dataclass(frozen=True)
class Correlations:
    """No two features' correlation moves by more than `warning_limit`, and beyond chance over all pairs."""

    name: ClassVar[str] = "quality.correlations"
    needs_pairs: ClassVar[bool] = True
    warning_limit: float = 0.2

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding about the pair that moved most; `no_data` without two numbers on both sides."""
        if not window.n:
            return [no_rows(self, window)]
        pairs = sorted(_pairs(window, reference), key=lambda each: (-each.change, each.names))
        if not pairs:
            why = "Correlations cannot be compared: that needs two numbers that vary"
            return [report(self, window, Verdict.NO_DATA, f"{why}, n = {window.n:,}")]
        judged = sorted(pairs, key=lambda each: (-self._verdict(each).rank, -each.change, each.names))
        top = judged[0]
        beyond = [each for each in judged if self._verdict(each).is_alarming]
        return [
            report(
                self,
                window,
                self._verdict(top),
                self._explain(top, len(pairs), len(beyond)),
                {"pairs": [each.told() for each in judged[:MOST_TOLD]], "tested": len(pairs)},
                signal=f"correlation of {top.names[0]} and {top.names[1]}",
                value=top.now,
                reference=top.usual,
                limit=self.warning_limit,
                n=top.n,
                p_value=top.p_value,
            )
        ]

    def _verdict(self, pair: Pair) -> Verdict:
        if pair.change <= self.warning_limit:
            return Verdict.OK
        return Verdict.WARNING if pair.p_value <= EVIDENCE_P else Verdict.NO_EVIDENCE

    def _explain(self, top: Pair, tested: int, beyond: int) -> str:
        one, other = top.names
        text = (
            f"The correlation of {one} and {other} is {top.now:.2f} against {top.usual:.2f} on the reference "
            f"(moved by {top.change:.2f}, limit {self.warning_limit:g}), "
            f"most of {many(tested, 'pair')}, n = {top.n:,}"
        )
        if top.change <= self.warning_limit:
            return text
        more = f"; and {beyond - 1} more beyond it" if beyond > 1 else ""
        doubt = "; may be chance" if self._verdict(top) is Verdict.NO_EVIDENCE else more
        return f"{text}, {chance(top.p_value)}{doubt}"


def _pairs(profile: Profile, usually: Profile) -> Iterator[Pair]:
    """Pairs of numbers; those of categories are left to `drift.multivariate`."""
    window, reference = profile.pairs, usually.pairs
    if window.names != reference.names:
        return
    marks = np.array([profile.layout.scales[name].is_mark for name in window.names], dtype=bool)
    now, usual, count = window.correlation(), reference.correlation(), len(window.names)
    known = ~(marks | marks[:, np.newaxis])
    known &= np.isfinite(now) & np.isfinite(usual) & (window.n > 3) & (reference.n > 3)
    tests = int(np.triu(known, 1).sum())
    for row in range(count):
        for column in range(row + 1, count):
            if known[row, column]:
                n, normal = int(window.n[row, column]), int(reference.n[row, column])
                one, other = (round(float(each[row, column]), DIGITS) for each in (now, usual))
                p = min(1.0, tests * _p(one, other, n, normal))
                yield Pair((window.names[row], window.names[column]), one, other, n, p)


def _p(one: float, other: float, n: int, normal: int) -> float:
    """Two-sided p-value of two correlations being the same: Fisher's z-test on their difference (1921).

    Its variance is that of normal numbers times `HEAVY_TAILS`.
    """
    apart = math.atanh(_held(one)) - math.atanh(_held(other))
    variance = HEAVY_TAILS * (1 / (n - 3) + 1 / (normal - 3))
    return math.erfc(abs(apart) / math.sqrt(2 * variance))


def _held(correlation: float) -> float:
    return max(-NEARLY_ONE, min(NEARLY_ONE, correlation))
