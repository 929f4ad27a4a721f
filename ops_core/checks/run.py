"""Runs a plan: reads the profiles it needs, once, and lets every check judge them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ops_core.checks.catalogue import build_all, with_limits
from ops_core.checks.check import Check
from ops_core.checks.finding import Finding
from ops_core.checks.kept import DatedSource, read_kept
from ops_core.checks.origin import PERFORMANCE, data_or_model, origin_of
from ops_core.checks.past import with_history
from ops_core.checks.profiled import Needs, Profiles, Source, read_profiles
from ops_core.checks.series import points, version_changes
from ops_core.checks.watch import CheckPlan
from ops_core.profiles.performance import METRICS
from ops_core.profiles.profile import Profile
from ops_core.profiles.shelf import Shelf

OF_LABELS = ("performance.", "fairness.equal", "fairness.metric", "quality.class_balance", "drift.concept")
"""How the names of checks begin that judge by labels."""
# How many times the age of a version a chart looks back beyond its first row.
LOOK_BACK = 1.5


def run_checks(plan: CheckPlan, source: Source, shelf: Shelf | None = None) -> list[Finding]:
    """The findings of all checks of the plan; Invalid when the plan names a check that does not exist.

    With a `shelf`, a source that knows which of its days have not changed reads only what is new. It
    also gives the drift checks, and only them, the closed days before the window: see `with_history`.
    """
    offers = plan.watched.offers
    built = build_all(with_limits(plan.checks, plan.thresholds, offers), offers)
    checks = [check for check in built if plan.wants(check.name)]
    if not checks:  # none has its turn, so nothing need be read
        return []
    judged = [pair for turn, some in _turns(plan, checks) for pair in _judged(turn, some, source, shelf)]
    order = {check.name: at for at, check in enumerate(checks)}
    judged.sort(key=lambda pair: order.get(pair[0].check, 0))
    findings = [finding for finding, _ in judged]
    if not any(finding.verdict.is_alarming for finding in findings):
        return findings
    context = {"origin": origin_of(findings).value, "origin_sentence": data_or_model(findings)}
    return [_in_context(finding, context, profiles) for finding, profiles in judged]


def _turns(plan: CheckPlan, checks: Sequence[Check]) -> list[tuple[CheckPlan, list[Check]]]:
    """Which checks look at which window: those of labels at one whose labels are due."""
    due = plan.when_labels_are_due
    if due is plan:
        return [(plan, list(checks))]
    of_labels = [check for check in checks if check.name.startswith(OF_LABELS)]
    others = [check for check in checks if not check.name.startswith(OF_LABELS)]
    return [(turn, some) for turn, some in ((plan, others), (due, of_labels)) if some]


def _judged(
    plan: CheckPlan, checks: Sequence[Check], source: Source, shelf: Shelf | None
) -> list[tuple[Finding, Profiles]]:
    needs = Needs.of(checks)
    if shelf is not None and isinstance(source, DatedSource):
        profiles = read_kept(plan, source, needs, shelf)
    else:
        profiles = read_profiles(plan, source, needs)
    if needs.history and isinstance(source, DatedSource):
        profiles = with_history(plan, source, needs, shelf, profiles)
    judged = (finding for check in checks for finding in check.judge(profiles.window, profiles.reference))
    return [(finding, profiles) for finding in judged]


def performance_series(
    plan: CheckPlan, source: Source, metric: str = "f1", bins: int = 60
) -> list[dict[str, Any]]:
    """A metric over the plan's window, of all versions: see `points`; KeyError for an unknown metric."""
    return points(read_profiles(plan, source).versions, METRICS[metric], bins)


def _look_back(window: Profile) -> datetime | None:
    """From when a chart shows a young version's fault large, yet also what was before it."""
    if window.first_at is None or window.last_at is None:
        return None
    return window.first_at - LOOK_BACK * max(window.last_at - window.first_at, timedelta(minutes=1))


def _in_context(finding: Finding, context: Mapping[str, Any], profiles: Profiles) -> Finding:
    """An alarm with what other findings and versions say: data or model, and the course of its metric."""
    if not finding.verdict.is_alarming:
        return finding
    detail = {**finding.detail, **context}
    metric = METRICS.get(finding.check.removeprefix(PERFORMANCE))
    if metric is not None:
        detail["series"] = points(profiles.versions, metric, after=_look_back(profiles.window))
        detail["versions"] = version_changes(profiles.versions)
    return replace(finding, detail=detail)
