"""The check of whether numbers still go together as they did, all at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ops_core.checks.check import chance, no_rows, report
from ops_core.checks.finding import Finding, Verdict
from ops_core.drift.budget import DAYS_A_YEAR
from ops_core.drift.together import Together, changed_together
from ops_core.drift.watching import LOOKS_AT_A_DAY
from ops_core.profiles.profile import Profile

DIGITS = 9
"""The last ones depend on the order in which rows were added."""


@dataclass(frozen=True)
class MultivariateDrift:
    """Features go together as on the reference: one test over all correlations, and a size worth waking for.
    Alarms when chance is ruled out at every look of a year (`alarms_a_year`) and some correlation has moved
    by `warning_limit` or more. What each feature does by itself is `drift.data`'s matter.
    """

    name: ClassVar[str] = "drift.multivariate"
    needs_pairs: ClassVar[bool] = True

    warning_limit: float = 0.2
    alarms_a_year: float = 0.1

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding that names the two features that moved most; `no_data` without two numbers."""
        if not window.n:
            return [no_rows(self, window)]
        found = self._compare(window, reference)
        if found is None:
            why = "Whether features go together as before cannot be told: it needs two numbers that vary"
            return [report(self, window, Verdict.NO_DATA, f"{why}, n = {window.n:,}")]
        verdict = self._verdict(found)
        one, other = (window.pairs.names[at] for at in found.pair)
        return [
            report(
                self,
                window,
                verdict,
                self._explain(found, verdict, one, other, window.n),
                {"features_tested": found.features, "pair": [one, other]},
                signal=f"correlation of {one} and {other}",
                value=round(found.now, DIGITS),
                reference=round(found.before, DIGITS),
                limit=self.warning_limit,
                p_value=round(found.p_value, DIGITS),
            )
        ]

    def _compare(self, window: Profile, reference: Profile) -> Together | None:
        if window.pairs.names != reference.pairs.names or not window.pairs.names:
            return None
        rows = [pairs.n.diagonal() for pairs in (window.pairs, reference.pairs)]
        now, usual = window.pairs.correlation(), reference.pairs.correlation()
        return changed_together(now, usual, float(rows[0].max()), float(rows[1].max()))

    def _verdict(self, found: Together) -> Verdict:
        if found.moved < self.warning_limit:
            return Verdict.OK
        needed = self.alarms_a_year / (DAYS_A_YEAR * LOOKS_AT_A_DAY)
        return Verdict.WARNING if found.p_value <= needed else Verdict.NO_EVIDENCE

    def _explain(self, found: Together, verdict: Verdict, one: str, other: str, n: int) -> str:
        apart = f"{found.now:.2f} against {found.before:.2f} on the reference"
        moved = f"the correlation of {one} and {other} is {apart}"
        told = f"n = {n:,}, {chance(found.p_value)}"
        if verdict is Verdict.OK:
            return f"{found.features} features go together as on the reference; at most {moved}, {told}"
        if verdict is Verdict.NO_EVIDENCE:
            return f"Features may go together in another way, or it is chance: {moved}, {told}"
        return f"Features go together in another way: {moved}, {told} for all {found.features} together"
