"""The check of whether features still go together as they did, all at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ops_core.checks.check import chance, no_rows, report
from ops_core.checks.finding import Finding, Verdict
from ops_core.drift.budget import DAYS_A_YEAR
from ops_core.drift.together import Correlated, Together, changed_together
from ops_core.drift.watching import LOOKS_AT_A_DAY
from ops_core.profiles.profile import Profile

DIGITS = 9
"""The last ones depend on the order in which rows were added."""


@dataclass(frozen=True)
class MultivariateDrift:
    """Features go together as on the reference: one test over all correlations, and a size worth waking for.
    Of a text each common category counts as a number that is 1 where it stands, so that two texts, or a text
    and a number, are seen too.
    Alarms when chance is ruled out at every look of a year (`alarms_a_year`) and some correlation has moved
    by `warning_limit` or more. What each feature does by itself is `drift.data`'s matter.
    """

    name: ClassVar[str] = "drift.multivariate"
    needs_pairs: ClassVar[bool] = True

    warning_limit: float = 0.2
    alarms_a_year: float = 0.1

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding that names the two that moved most surely; `no_data` without two features."""
        if not window.n:
            return [no_rows(self, window)]
        found = self._compare(window, reference)
        if found is None:
            why = "Whether features go together as before cannot be told: it needs two that vary"
            return [report(self, window, Verdict.NO_DATA, f"{why}, n = {window.n:,}")]
        verdict = self._verdict(found)
        one, other = (_words(window.pairs.names[at]) for at in found.pair)
        return [
            report(
                self,
                window,
                verdict,
                self._explain(found, verdict, one, other, _features(window)),
                {"features_tested": _features(window), "pair": [one, other]},
                signal=f"correlation of {one} and {other}",
                value=round(found.now, DIGITS),
                reference=round(found.before, DIGITS),
                limit=self.warning_limit,
                n=found.n,
                p_value=round(found.p_value, DIGITS),
            )
        ]

    def _compare(self, window: Profile, reference: Profile) -> Together | None:
        """Pairs of two features: what goes on within one is not how it goes together with others."""
        names = window.pairs.names
        if names != reference.pairs.names or not names:
            return None
        scales = [window.layout.scales[name] for name in names]
        of = np.array([scale.feature or name for name, scale in zip(names, scales, strict=True)])
        shares = np.array([scale.mean if scale.is_mark else np.nan for scale in scales])
        now, usual = (Correlated(each.pairs.correlation(), each.pairs.n) for each in (window, reference))
        return changed_together(now, usual, of[:, np.newaxis] != of, shares, self.warning_limit)

    def _verdict(self, found: Together) -> Verdict:
        if found.moved < self.warning_limit:
            return Verdict.OK
        needed = self.alarms_a_year / (DAYS_A_YEAR * LOOKS_AT_A_DAY)
        return Verdict.WARNING if found.p_value <= needed else Verdict.NO_EVIDENCE

    def _explain(self, found: Together, verdict: Verdict, one: str, other: str, tested: int) -> str:
        apart = f"{found.now:.2f} against {found.before:.2f} on the reference"
        moved = f"the correlation of {one} and {other} is {apart}"
        told = f"n = {found.n:,}, {chance(found.p_value)}"
        if verdict is Verdict.OK:
            return f"{tested} features go together as on the reference; at most {moved}, {told}"
        if verdict is Verdict.NO_EVIDENCE:
            return f"Features may go together in another way, or it is chance: {moved}, {told}"
        return f"Features go together in another way: {moved}, {told} for all {tested} together"


def _features(window: Profile) -> int:
    """How many features there are to go together."""
    return len({scale.feature or name for name, scale in window.layout.scales.items()})


def _words(name: str) -> str:
    """A name in one line; a category may be any text."""
    return " ".join(name.split())
