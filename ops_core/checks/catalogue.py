"""All checks there are. Most read the profile of a window (`KINDS`), the others signals (`SIGNAL_KINDS`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ops_core.checks.building import build_of
from ops_core.checks.categories import Categories
from ops_core.checks.check import Check
from ops_core.checks.concept import ConceptDrift
from ops_core.checks.correlations import Correlations
from ops_core.checks.drift import DataDrift, PredictionDrift
from ops_core.checks.fairness import (
    DemographicParity,
    DisparateImpact,
    EqualisedOdds,
    EqualOpportunity,
    MetricGap,
)
from ops_core.checks.llm import (
    AnswerTime,
    Hallucinations,
    Quality,
    Refusals,
    Relevance,
    RequestCost,
    RetrievalHits,
    Tokens,
)
from ops_core.checks.multivariate import MultivariateDrift
from ops_core.checks.performance import F1, Accuracy, FalsePositiveRate, Precision, Recall
from ops_core.checks.quality import Freshness, NullRate, Source, Volume
from ops_core.checks.regression import (
    MeanAbsoluteError,
    PredictionBias,
    RootMeanSquaredError,
    RSquared,
)
from ops_core.checks.rows import Duplicates, NewData, ReferenceAge
from ops_core.checks.schema import ClassBalance, Range, Schema
from ops_core.checks.scores import Calibrated, LogLoss, RocAuc
from ops_core.checks.segments import SegmentDrop
from ops_core.checks.signal_catalogue import SIGNAL_CHECKS
from ops_core.checks.threshold import Threshold
from ops_core.checks.thresholds import overlaid, specs_of
from ops_core.checks.validity import Validity
from ops_core.checks.watch import CheckSpec

KINDS: tuple[type[Any], ...] = (
    F1,
    Accuracy,
    Precision,
    Recall,
    FalsePositiveRate,
    RocAuc,
    LogLoss,
    Calibrated,
    DataDrift,
    PredictionDrift,
    ConceptDrift,
    MultivariateDrift,
    Categories,
    NullRate,
    Freshness,
    Volume,
    Source,
    Range,
    Schema,
    ClassBalance,
    Validity,
    DemographicParity,
    EqualOpportunity,
    EqualisedOdds,
    DisparateImpact,
    MetricGap,
    SegmentDrop,
    MeanAbsoluteError,
    RootMeanSquaredError,
    RSquared,
    PredictionBias,
    Duplicates,
    Correlations,
    ReferenceAge,
    NewData,
    Relevance,
    Hallucinations,
    Quality,
    RetrievalHits,
    Refusals,
    Tokens,
    RequestCost,
    AnswerTime,
)
BY_NAME: Mapping[str, type[Any]] = {**{kind.name: kind for kind in KINDS}, **SIGNAL_CHECKS}


def build(spec: CheckSpec) -> Any:
    """The check that the spec names, with its options; Invalid names the nearest when there is none such."""
    return build_of(BY_NAME, spec)


def build_all(specs: Iterable[CheckSpec], offers: Collection[str] = ()) -> tuple[Check, ...]:
    """The checks of profiles in a plan; when no check is named, all whose `needs` the model `offers`.

    Checks of signals are built and refused like the others, and left to whoever reads signals.
    """
    built = [(spec.check, build(spec)) for spec in specs]
    named = tuple(check for name, check in built if name not in SIGNAL_CHECKS)
    if built:
        return named
    return tuple(kind() for kind in KINDS if set(needs_of(kind)) <= set(offers))


def with_limits(
    specs: Sequence[CheckSpec], thresholds: Iterable[Threshold], offers: Collection[str]
) -> tuple[CheckSpec, ...]:
    """A plan's checks with the thresholds that hold for a model; `Invalid` for what a check cannot do."""
    usual = (kind.name for kind in KINDS if set(needs_of(kind)) <= set(offers))
    return overlaid(specs, specs_of(thresholds, BY_NAME), usual)


def needs_of(kind: type[Any]) -> tuple[str, ...]:
    """What a model must have for the check to make sense: a task, a column of groups, a measure."""
    needs: tuple[str, ...] = getattr(kind, "needs", ())
    return needs


def asks(check: str) -> str:
    """What a check asks of the data, in a sentence; empty for a name that is not in the catalogue."""
    kind = BY_NAME.get(check)
    return "" if kind is None else (kind.__doc__ or "").strip().partition("\n")[0]
