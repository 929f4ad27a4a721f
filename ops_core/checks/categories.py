"""The check of whether categories came that are new, or went that were usual."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import erfc

from ops_core.checks.check import chance, no_rows, report
from ops_core.checks.finding import JSON, Finding, Verdict
from ops_core.checks.wording import many
from ops_core.drift.budget import DAYS_A_YEAR
from ops_core.drift.statistics import signed_root
from ops_core.drift.watching import LOOKS_AT_A_DAY
from ops_core.profiles.cells import Categorical
from ops_core.profiles.profile import Profile

MOST_TOLD = 10


@dataclass(frozen=True)
class Change:
    """Categories of a feature that are new together, or one that has vanished, and how likely by chance.

    `listed` is how many of the reference's categories are told apart when it has still more, else 0: what is
    beyond them counts as one, on both sides, and cannot be called new.
    """

    feature: str
    kind: str
    categories: tuple[str, ...]
    value: float
    reference: float
    n: int
    p_value: float
    listed: int = 0

    def told(self) -> JSON:
        """For the finding's detail."""
        return {
            "feature": self.feature,
            "kind": self.kind,
            "categories": list(self.categories),
            "value": round(self.value, 6),
            "reference": round(self.reference, 6),
            "p_value": self.p_value,
        }


@dataclass(frozen=True)
class Categories:
    """No new category takes `new_limit` of a feature's rows, and none that held `vanished_limit` is gone.
    How many new ones to expect is told by the reference's categories that only one row has (Good 1953), and
    by its rows beyond the categories that are told apart. Only more of them than that is news.
    """

    name: ClassVar[str] = "drift.categories"

    new_limit: float = 0.005
    vanished_limit: float = 0.01
    alarms_a_year: float = 0.1

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding about all text features; `no_data` when there are none on both sides."""
        if not window.n:
            return [no_rows(self, window)]
        features = _compared(window, reference)
        if not features:
            why = "There is no text feature with a value to compare"
            return [report(self, window, Verdict.NO_DATA, f"{why}, n = {window.n:,}")]
        tests = sum(window.layout.features[name].cells for name in features)
        needed = self.alarms_a_year / (DAYS_A_YEAR * LOOKS_AT_A_DAY * tests)
        changes = [each for name in features for each in _changes(name, window, reference)]
        large = sorted(filter(self._is_large, changes), key=lambda each: each.p_value)
        proven = [each for each in large if each.p_value <= needed]
        top = next(iter(proven or large), None)
        verdict = Verdict.WARNING if proven else Verdict.NO_EVIDENCE if large else Verdict.OK
        if top is None:
            told = f"No category is new or gone in {many(len(features), 'text feature')}, n = {window.n:,}"
            return [report(self, window, verdict, told, {"tested": list(features)})]
        return [
            report(
                self,
                window,
                verdict,
                _explain(top, verdict, len(proven)),
                {
                    "changes": [each.told() for each in (proven or large)[:MOST_TOLD]],
                    "tested": list(features),
                },
                signal=f"{top.kind} of {top.feature}",
                value=top.value,
                reference=top.reference,
                limit=self.new_limit if top.kind == "new" else self.vanished_limit,
                n=top.n,
                p_value=top.p_value,
            )
        ]

    def _is_large(self, change: Change) -> bool:
        if change.kind == "new":
            return change.value >= self.new_limit
        return change.reference >= self.vanished_limit


def _compared(window: Profile, reference: Profile) -> list[str]:
    """The text features that have values on both sides."""
    return [
        name
        for name, cells in window.layout.features.items()
        if isinstance(cells, Categorical) and window.tallies[name].n and reference.tallies[name].n
    ]


def _changes(name: str, window: Profile, reference: Profile) -> Iterator[Change]:
    cells, tally, usual = window.layout.features[name], window.tallies[name], reference.tallies[name]
    if not isinstance(cells, Categorical):
        return
    counts, normal = tally.counts, usual.counts
    share, expected = counts[-1] / tally.n, int((normal[:-1] == 1).sum() + normal[-1])
    if share > expected / usual.n:
        found = _p(int(counts[-1]), tally.n, expected, usual.n)
        names = tuple(tally.unseen)[:MOST_TOLD] or ("another",)
        listed = len(cells.values) if normal[-1] else 0
        yield Change(name, "new", names, share, expected / usual.n, tally.n, found, listed)
    for at in np.flatnonzero((counts[:-1] == 0) & (normal[:-1] > 0)).tolist():
        p_value = _p(0, tally.n, int(normal[at]), usual.n)
        yield Change(name, "vanished", (cells.values[at],), 0.0, normal[at] / usual.n, tally.n, p_value)


def _p(hits: int, rows: int, usual_hits: int, usual_rows: int) -> float:
    """Two-sided p-value of a 2 × 2 table."""
    root = signed_root(*(np.array(float(each)) for each in (hits, rows, usual_hits, usual_rows)))
    return float(erfc(abs(float(root)) / np.sqrt(2)))


def _explain(top: Change, verdict: Verdict, proven: int) -> str:
    named = ", ".join(f"“{each}”" for each in top.categories[:3])
    if top.listed:
        what = (
            f"{top.feature} has more values beyond the {top.listed:,} most frequent categories: {named}, "
            f"{top.value:.1%} of rows against {top.reference:.1%} on the reference"
        )
    elif top.kind == "new":
        what = f"{top.feature} has categories that the reference never had: {named}, {top.value:.1%} of rows"
    else:
        what = f"{top.feature} has lost the category {named}, {top.reference:.1%} of rows on the reference"
    doubt = "; may be chance" if verdict is Verdict.NO_EVIDENCE else ""
    more = f"; and {proven - 1} more" if proven > 1 else ""
    return f"{what}, n = {top.n:,}, {chance(top.p_value)}{doubt}{more}"
