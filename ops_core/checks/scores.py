"""Checks of the model's scores against labels that came later: do they rank, and can they be believed?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ops_core.checks.evidence import Limit
from ops_core.checks.finding import JSON, Verdict
from ops_core.checks.measured import Measured
from ops_core.profiles.profile import Profile
from ops_core.profiles.ranking import Auc, Calibration, Mean
from ops_core.profiles.rates import Estimate, Worse

COIN_TOSS = 0.6931
"""The log loss, ln 2, of whoever says one half each time."""


@dataclass(frozen=True)
class RocAuc(Measured):
    """The score ranks positives above negatives."""

    name: ClassVar[str] = "performance.auc"
    needs: ClassVar[tuple[str, ...]] = ("classification",)
    label: ClassVar[str] = "AUC"
    worse: ClassVar[Worse] = "lower"
    warning_limit: float | None = 0.85
    warning_change_ratio: float | None = 0.05
    critical_change_ratio: float | None = 0.10

    def measure(self, profile: Profile) -> Auc:
        """The area under the ROC curve."""
        return Auc.of(profile)

    def details(self, window: Profile, found: Estimate) -> Mapping[str, JSON]:
        """How far exact scores could move the value."""
        auc = Auc.of(window)
        return {"positives": auc.positives, "negatives": auc.negatives, "within": auc.bound}

    def undefined(self, window: Profile) -> str:
        """One class, or no score."""
        auc = Auc.of(window)
        if not auc.n:
            return "no labelled row has a score"
        return f"no labelled row is {'negative' if auc.positives else 'positive'}"


@dataclass(frozen=True)
class LogLoss(Measured):
    """The score is seldom surely wrong: the mean of −ln of what it gave the class that came."""

    name: ClassVar[str] = "performance.log_loss"
    needs: ClassVar[tuple[str, ...]] = ("classification",)
    label: ClassVar[str] = "Log loss"
    worse: ClassVar[Worse] = "higher"
    warning_limit: float | None = COIN_TOSS
    warning_change_ratio: float | None = 1.0

    def measure(self, profile: Profile) -> Mean:
        """The mean log loss, which scores outside 0–1 do not have."""
        return Mean(profile.scored.log_loss)

    def details(self, window: Profile, found: Estimate) -> Mapping[str, JSON]:
        """How many scores are no probabilities."""
        return {"outside": window.scored.outside}

    def undefined(self, window: Profile) -> str:
        """No score, or none between 0 and 1."""
        return _no_probability(window)


@dataclass(frozen=True)
class Calibrated(Measured):
    """What the score says comes as often as it says: the expected calibration error stays small."""

    name: ClassVar[str] = "performance.calibration"
    needs: ClassVar[tuple[str, ...]] = ("classification",)
    label: ClassVar[str] = "Calibration error"
    worse: ClassVar[Worse] = "higher"
    warning_limit: float | None = 0.10

    def measure(self, profile: Profile) -> Calibration:
        """The expected calibration error over ten parts of the scores, less what sampling adds."""
        return Calibration.of(profile)

    def limits(self, normal: Estimate) -> list[Limit]:
        """Where the reference breaks the limit itself, it is the reference's own error and as much again."""
        if self.warning_limit is None:
            return []
        usual = normal.value or 0.0
        raised = not self.even_if_reference_fails and usual > self.warning_limit
        return [Limit(self.warning_limit + (usual if raised else 0.0), Verdict.WARNING)]

    def details(self, window: Profile, found: Estimate) -> Mapping[str, JSON]:
        """The reliability diagram, the usual error and the Brier score with its 95 % interval."""
        calibration, brier = Calibration.of(window), Mean(window.scored.squared_error)
        told: list[JSON] = [
            {"n": part.n, "said": round(part.said, 6), "came": round(part.came, 6)}
            for part in calibration.parts
        ]
        return {
            "parts": told,
            "ece": calibration.raw,
            "brier": brier.value,
            "brier_interval": list(brier.interval()) if brier.n else None,
            "outside": window.scored.outside,
        }

    def undefined(self, window: Profile) -> str:
        """No score, or none between 0 and 1."""
        return _no_probability(window)


def _no_probability(window: Profile) -> str:
    if window.scored.outside:
        return f"the scores are no probabilities: {window.scored.outside:,} lie outside 0–1"
    return "no labelled row has a score"
