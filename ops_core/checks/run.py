"""Runs a plan: reads the profiles it needs, once, and lets every check judge them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any, Protocol

from ops_core.checks.catalogue import build_all
from ops_core.checks.finding import Finding
from ops_core.checks.origin import PERFORMANCE, data_or_model, origin_of
from ops_core.checks.series import points, version_changes
from ops_core.checks.watch import CheckPlan
from ops_core.profiles.batch import Batch, Reading
from ops_core.profiles.course import MOST_STRETCHES, width_for
from ops_core.profiles.fill import fill
from ops_core.profiles.layout import Layout
from ops_core.profiles.performance import METRICS
from ops_core.profiles.profile import Profile, Scope, merge_problems

# How many times the age of a version a chart looks back beyond its first row.
LOOK_BACK = 1.5


class Source(Protocol):
    """Where the rows come from. What cannot be read becomes a problem of the reading, never an exception."""

    def reference(self, plan: CheckPlan) -> Reading:
        """The rows that count as normal, with their labels."""
        ...

    def served(self, plan: CheckPlan, features: Sequence[str] | None) -> Reading:
        """The rows served in the plan's window, labels joined; only these features, or all when None."""
        ...


@dataclass(frozen=True)
class Profiles:
    """What a run knows: the reference, the window's rows by version, and those that are judged."""

    reference: Profile
    versions: tuple[Profile, ...]
    window: Profile


def run_checks(plan: CheckPlan, source: Source) -> list[Finding]:
    """The findings of all checks of the plan; Invalid when the plan names a check that does not exist."""
    checks = build_all(plan.checks, plan.watched.split_columns)
    profiles = read_profiles(plan, source)
    findings = [finding for check in checks for finding in check.judge(profiles.window, profiles.reference)]
    if not any(finding.verdict.is_alarming for finding in findings):
        return findings
    context = {"origin": origin_of(findings).value, "origin_sentence": data_or_model(findings)}
    versions = version_changes(profiles.versions)
    return [_in_context(finding, context, versions, profiles) for finding in findings]


def performance_series(
    plan: CheckPlan, source: Source, metric: str = "f1", bins: int = 60
) -> list[dict[str, Any]]:
    """A metric over the plan's window, of all versions: see `points`; KeyError for an unknown metric."""
    return points(read_profiles(plan, source).versions, METRICS[metric], bins)


def read_profiles(plan: CheckPlan, source: Source) -> Profiles:
    """One pass over the reference, one over the window; without a reference, only fixed limits are judged."""
    watched = plan.watched
    usual = source.reference(plan)
    rows = list(usual.batches)
    served = source.served(plan, None if not rows else _features(rows, watched.features))
    arriving = served.batches
    if rows:
        layout = Layout.of(rows, watched.positive_label)
    else:
        first = list(islice(arriving, 1))
        arriving = chain(first, arriving)
        layout = Layout.of(first, watched.positive_label)
    reference = _merged(layout, rows, Scope(watched.name))
    versions = fill(layout, arriving, _scope(plan))
    problems = merge_problems(tuple(usual.problems), tuple(served.problems))
    window = _judged(plan, layout, versions)
    window = replace(window, problems=merge_problems(window.problems, problems), place=served.place)
    return Profiles(reference, tuple(versions.values()), window)


def _features(rows: Sequence[Batch], wanted: Sequence[str] | None) -> list[str]:
    found = dict.fromkeys(name for batch in rows for name in batch.features)
    return [name for name in found if wanted is None or name in wanted]


def _scope(plan: CheckPlan) -> Scope:
    width = width_for(plan.window, MOST_STRETCHES)
    return Scope(plan.watched.name, plan.window_start, plan.now, plan.labels_due_at, width)


def _merged(layout: Layout, rows: Sequence[Batch], scope: Scope) -> Profile:
    merged = Profile.empty(layout, replace(scope, width=86_400_000_000))
    for profile in fill(layout, rows, merged.scope).values():
        merged = profile.merge(merged) if merged.n else profile
    return merged


def _judged(plan: CheckPlan, layout: Layout, versions: dict[str | None, Profile]) -> Profile:
    """The plan's version, or the one that served last."""
    if plan.version is not None:
        return versions.get(plan.version) or Profile.empty(layout, _scope(plan), plan.version)
    told = [(profile.last_at, profile) for profile in versions.values() if profile.last_at]
    return max(told, key=lambda pair: pair[0])[1] if told else Profile.empty(layout, _scope(plan))


def _look_back(window: Profile) -> datetime | None:
    """From when a chart shows a young version's fault large, yet also what was before it."""
    if window.first_at is None or window.last_at is None:
        return None
    return window.first_at - LOOK_BACK * max(window.last_at - window.first_at, timedelta(minutes=1))


def _in_context(
    finding: Finding, context: Mapping[str, Any], versions: list[dict[str, str]], profiles: Profiles
) -> Finding:
    """An alarm with what other findings and versions say: data or model, and the course of its metric."""
    if not finding.verdict.is_alarming:
        return finding
    detail = {**finding.detail, **context}
    metric = METRICS.get(finding.check.removeprefix(PERFORMANCE))
    if metric is not None:
        detail["series"] = points(profiles.versions, metric, after=_look_back(profiles.window))
        detail["versions"] = versions
    return replace(finding, detail=detail)
