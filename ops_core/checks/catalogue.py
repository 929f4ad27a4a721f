"""All checks there are: one list, one shape."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from typing import Any

from ops_core.checks.check import Check
from ops_core.checks.drift import DataDrift, PredictionDrift
from ops_core.checks.fairness import DemographicParity, DisparateImpact, EqualisedOdds, EqualOpportunity
from ops_core.checks.performance import F1, Accuracy, FalsePositiveRate, Precision, Recall
from ops_core.checks.quality import Freshness, NullRate, Source, Volume
from ops_core.checks.schema import ClassBalance, Range, Schema
from ops_core.checks.scores import Calibrated, LogLoss, RocAuc
from ops_core.checks.watch import CheckSpec
from ops_core.errors import Invalid

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
    NullRate,
    Freshness,
    Volume,
    Source,
    Range,
    Schema,
    ClassBalance,
    DemographicParity,
    EqualOpportunity,
    EqualisedOdds,
    DisparateImpact,
)
# Checks of these families ask for a column that a model may not have.
NEEDS: Mapping[str, str] = {"fairness": "group"}
BY_NAME: Mapping[str, type[Any]] = {kind.name: kind for kind in KINDS}


def build(spec: CheckSpec) -> Check:
    """The check that the spec names, with its options; Invalid names the nearest when there is none such."""
    kind = BY_NAME.get(spec.check)
    if kind is None:
        raise Invalid(
            f"There is no check named {spec.check!r}.", hint=_nearest(spec.check, BY_NAME), field="check"
        )
    options = {each.name for each in fields(kind)}
    for option, value in spec.options.items():
        if option not in options:
            hint = _nearest(option, options)
            raise Invalid(f"The check {spec.check} has no option {option!r}.", hint=hint, field=option)
        if isinstance(value, str | list | dict):
            raise Invalid(f"The option {option} of {spec.check} must be a number.", field=option)
    check: Check = kind(**spec.options)
    return check


def build_all(specs: Iterable[CheckSpec], splits: Collection[str] = ()) -> tuple[Check, ...]:
    """The checks of a plan; when none is named, all that the columns (`splits` of the rows) allow."""
    usual = (kind.name for kind in KINDS if NEEDS.get(kind.name.partition(".")[0]) in (None, *splits))
    return tuple(build(spec) for spec in tuple(specs) or map(CheckSpec, usual))


def _nearest(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f"Did you mean {close[0]}?" if close else "There are: " + ", ".join(names) + "."
