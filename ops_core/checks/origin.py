"""Data or model? What the findings of one run say together about where a fault comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from ops_core.checks.finding import Finding, Verdict

PERFORMANCE = "performance."
INPUTS = ("drift.data", "drift.categories", "drift.multivariate", "quality.null_rate")
ANSWERS = "drift.prediction"


class Origin(StrEnum):
    """Where a fault comes from."""

    NONE = "none"
    DATA = "data"
    MODEL = "model"
    BOTH = "data and model"
    UNCLEAR = "unclear"


SENTENCES = {
    Origin.NONE: "Nothing points to a fault.",
    Origin.MODEL: "Model: the answers got worse or changed while the inputs look as on the reference.",
    Origin.DATA: "Data: the inputs changed; no fall in performance is seen.",
    Origin.BOTH: "Data first: the inputs changed and performance fell with them.",
    Origin.UNCLEAR: "Unclear: performance fell or answers changed, and the inputs could not be judged.",
}


def origin_of(findings: Iterable[Finding]) -> Origin:
    """The origin that the findings of one run speak for."""
    told = list(findings)
    inputs = [each for each in told if each.check in INPUTS]
    fell = any(each.check.startswith(PERFORMANCE) and each.verdict.is_alarming for each in told)
    answered = any(each.check == ANSWERS and each.verdict.is_alarming for each in told)
    changed = any(each.verdict.is_alarming for each in inputs)
    if changed:
        return Origin.BOTH if fell else Origin.DATA
    if not (fell or answered):
        return Origin.NONE
    judged = any(each.check == "drift.data" and each.verdict is Verdict.OK for each in inputs)
    return Origin.MODEL if judged else Origin.UNCLEAR


def data_or_model(findings: Sequence[Finding]) -> str:
    """One sentence that answers "data or model?"."""
    return SENTENCES[origin_of(findings)]
