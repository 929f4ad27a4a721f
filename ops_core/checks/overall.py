"""What the findings of one run say together: one verdict, and what could not be judged told once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ops_core.checks.finding import FACTS, Finding, Verdict, worst


def overall(findings: Iterable[Finding]) -> Verdict:
    """The worst verdict that there is evidence for; what cannot be told counts when nothing else is known.

    That the data is there and can be read says nothing of the model, so it is no reason for `ok`.
    """
    told = list(findings)
    judged = [each.verdict for each in told if each.verdict.is_alarming or is_judged(each)]
    return worst(judged or [each.verdict for each in told if each.check not in FACTS])


def is_judged(finding: Finding) -> bool:
    """Whether a check could judge the model, its rows or its system."""
    return finding.verdict is Verdict.OK and finding.check not in FACTS


def together(findings: Iterable[Finding]) -> list[Sequence[Finding]]:
    """Findings in their order, those without data that say the same of the same model as one."""
    found: dict[object, list[Finding]] = {}
    for at, each in enumerate(findings):
        key = (each.model, each.explanation) if each.verdict is Verdict.NO_DATA else at
        found.setdefault(key, []).append(each)
    return list(found.values())
