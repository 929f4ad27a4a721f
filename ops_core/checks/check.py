"""The one shape that all checks have, and how they write a finding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from ops_core.checks.evidence import LEAST_ROWS, TOO_FEW
from ops_core.checks.finding import FACTS, JSON, Finding, Verdict
from ops_core.checks.future import told_ahead
from ops_core.profiles.profile import EPOCH, Profile

MOST_PROBLEMS_TOLD = 10


class Check(Protocol):
    """A frozen rule, pure given the two profiles: it never raises because of what the data holds.

    A check may have two more: `needs_pairs` (True when it reads `Profile.pairs`, which are not kept
    otherwise) and `extra_edges` (values by column at which it wants exact counts).
    """

    name: ClassVar[str]

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """At least one finding about the window, against the reference."""
        ...


def report(
    check: Check,
    window: Profile,
    verdict: Verdict,
    explanation: str,
    detail: Mapping[str, JSON] | None = None,
    **evidence: Any,
) -> Finding:
    """A finding about a window; `evidence` is further fields of `Finding`. The data's problems ride along.

    So few rows that nothing would follow from them are never `ok`.
    """
    if verdict is Verdict.OK and evidence.get("n", window.n) < LEAST_ROWS and check.name not in FACTS:
        verdict, explanation = Verdict.NO_EVIDENCE, f"{explanation}; {TOO_FEW}"
    told: dict[str, JSON] = dict(detail or {})
    if window.problems:
        told["problems"] = [problem.to_json() for problem in window.problems[:MOST_PROBLEMS_TOLD]]
    start, end = window.scope.start or window.first_at or EPOCH, window.scope.end or window.last_at or EPOCH
    return Finding(
        check=check.name,
        model=window.scope.model,
        version=window.version,
        verdict=verdict,
        explanation=explanation,
        window_start=start,
        window_end=end,
        detail=told,
        **{"signal": check.name.partition(".")[2], "n": window.n, **evidence},
    )


def no_rows(check: Check, window: Profile) -> Finding:
    """The finding of any check whose window has no rows at all."""
    of = f" of version {window.version}" if window.version else ""
    why = f"No predictions{of} in the window (looked at {window.place or 'nothing'}), n = 0"
    if ahead := told_ahead(window.problems):
        why += f", but {ahead}"
    elif window.problems:
        why += f"; {window.problems[0].where}: {window.problems[0].what}"
    return report(check, window, Verdict.NO_DATA, why, n=0)


def chance(p_value: float | None) -> str:
    """A p-value for a person: "p = 0.03", "p < 0.001"."""
    return "" if p_value is None else "p < 0.001" if p_value < 0.001 else f"p = {p_value:.2g}"


def figures(*values: float | None) -> list[str]:
    """Numbers with as few decimals (two to four) as keep different ones apart; None becomes "–"."""
    known = {value for value in values if value is not None}
    for decimals in (2, 3, 4):
        shown = {f"{value:.{decimals}f}" for value in known}
        if len(shown) == len(known):
            break
    return ["–" if value is None else f"{value:.{decimals}f}" for value in values]
