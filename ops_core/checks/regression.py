"""Checks of how close a regression's predictions come, by labels that came later."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ops_core.checks.check import figures
from ops_core.checks.evidence import EVIDENCE_P, Limit
from ops_core.checks.finding import JSON
from ops_core.checks.measured import Measured
from ops_core.profiles.closeness import Bias, Determination, Root
from ops_core.profiles.profile import Profile
from ops_core.profiles.ranking import Mean
from ops_core.profiles.rates import Estimate, Worse, p_beyond
from ops_core.profiles.residuals import Residuals


@dataclass(frozen=True)
class Regression(Measured):
    """What is read off the errors keeps its limits: by default a share of the reference's (seed 004: F1)."""

    needs: ClassVar[tuple[str, ...]] = ("regression",)
    worse: ClassVar[Worse] = "higher"
    unit: ClassVar[str] = ""
    began: ClassVar[str] = "errors are larger since"
    warning_change_ratio: float | None = 0.10
    critical_change_ratio: float | None = 0.20

    def of(self, residuals: Residuals) -> Estimate:
        """The number on some rows' errors."""
        raise NotImplementedError

    def measure(self, profile: Profile) -> Estimate:
        """The number on all rows."""
        return self.of(profile.residuals)

    def details(self, window: Profile, found: Estimate) -> Mapping[str, JSON]:
        """The number by segment, where there are segments."""
        told: list[JSON] = []
        for name, residuals in window.residuals.segments.items():
            each = self.of(residuals)
            low, high = each.interval()
            told.append({"segment": name, "value": each.value, "n": each.n, "low": low, "high": high})
        return {"segments": told} if told else {}

    def where(self, window: Profile) -> str:
        """The segment that is surely worse than the whole."""
        whole, segments = self.measure(window).value, window.residuals.segments
        if whole is None or len(segments) < 2:
            return ""
        ranked = sorted((p_beyond(self.of(each), whole, self.worse), name) for name, each in segments.items())
        p, name = ranked[0]
        if p * len(segments) > EVIDENCE_P:
            return ""
        worst = self.of(segments[name])
        told = window.layout.part("segment", name)
        return f"; worst segment {told}: {figures(worst.value)[0]}, n = {worst.n:,}"

    def undefined(self, window: Profile) -> str:
        """No two numbers, or labels that are all alike."""
        return "no row has a prediction and a label that are numbers"


@dataclass(frozen=True)
class MeanAbsoluteError(Regression):
    """Predictions are on average no farther off than they were."""

    name: ClassVar[str] = "performance.mae"
    label: ClassVar[str] = "MAE"

    def of(self, residuals: Residuals) -> Mean:
        """The mean of |prediction − label|."""
        return Mean(residuals.absolute)


@dataclass(frozen=True)
class RootMeanSquaredError(Regression):
    """The same with large errors weighing more."""

    name: ClassVar[str] = "performance.rmse"
    label: ClassVar[str] = "RMSE"

    def of(self, residuals: Residuals) -> Root:
        """The root of the mean squared error."""
        return Root(Mean(residuals.squared))


@dataclass(frozen=True)
class RSquared(Regression):
    """As much of the labels' variance is predicted as it was."""

    name: ClassVar[str] = "performance.r2"
    label: ClassVar[str] = "R²"
    worse: ClassVar[Worse] = "lower"
    unit: ClassVar[str] = "ratio"

    def of(self, residuals: Residuals) -> Determination:
        """The coefficient of determination."""
        return Determination(residuals)

    def limits(self, normal: Estimate) -> list[Limit]:
        """A reference that predicts nothing leaves nothing to lose."""
        if normal.value is None or normal.value > 0:
            return super().limits(normal)
        return [limit for limit in super().limits(normal) if limit.scale is None]

    def undefined(self, window: Profile) -> str:
        """No numbers, or no spread."""
        if window.residuals.label.n:
            return "all labels are the same"
        return super().undefined(window)


@dataclass(frozen=True)
class PredictionBias(Regression):
    """Predictions are not on average higher or lower than they were, in units of the reference's RMSE."""

    name: ClassVar[str] = "performance.bias"
    label: ClassVar[str] = "Bias"
    warning_limit: float | None = 0.10
    critical_limit: float | None = 0.25
    warning_change_ratio: float | None = None
    critical_change_ratio: float | None = None

    even_if_reference_fails: bool = True  # the interval holds the reference's own error already

    def compare(self, window: Profile, reference: Profile) -> tuple[Estimate, Estimate]:
        """Both against the reference, whose own shift is 0."""
        usual = reference.residuals
        scale = math.sqrt(max(0.0, usual.squared.mean))
        found, normal = (Bias(each.error, usual.error, scale) for each in (window.residuals, usual))
        return found, normal

    def details(self, window: Profile, found: Estimate) -> Mapping[str, JSON]:
        """The mean error in the label's unit."""
        return {"mean_error": window.residuals.error.mean if window.residuals.error.n else None}

    def where(self, window: Profile) -> str:
        """Which way."""
        mean = window.residuals.error.mean
        return f"; predictions are {abs(mean):.3g} too {'high' if mean > 0 else 'low'} on average"

    def undefined(self, window: Profile) -> str:
        """No numbers, or nothing to compare with."""
        return "no errors on the reference" if window.residuals.error.n else super().undefined(window)
