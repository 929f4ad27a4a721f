"""A metric over time: for the chart, and for since when it has been beyond its limit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from ops_core.profiles.columns import Counts
from ops_core.profiles.course import Course, width_for
from ops_core.profiles.layout import Layout
from ops_core.profiles.performance import Confusion, Metric
from ops_core.profiles.profile import EPOCH, Profile, microseconds, moment
from ops_core.profiles.rates import Rate

# Fewer make a chart of noise.
LEAST_ROWS = 30
# Odds of a thousand to one that a stretch of rows lies on the good side.
PROOF = math.log(1000)
# How finely `since` is told, of the time that the window's rows span.
MOST_STEPS = 720


def points(
    profiles: Iterable[Profile], metric: Metric, bins: int = 60, after: datetime | None = None
) -> list[dict[str, Any]]:
    """The metric per version and stretch of time, in order: {at, version, value, n, low, high}.

    `at` is the first row's time as ISO 8601 text in UTC; `n` is what the value divides by. The time from the
    first to the last row is cut into at most `bins` stretches of a round width, joined until
    one has `LEAST_ROWS`. What begins up to `after` is left out.
    """
    start = microseconds(after or EPOCH)
    told = [(profile, profile.course.after(start)) for profile in profiles]
    told = [(profile, course) for profile, course in told if len(course.starts)]
    if not told:
        return []
    width = max(width_for(_span([course for _, course in told]), bins), told[0][1].width)
    found = [point for profile, course in told for point in _points(profile, course.widened(width), metric)]
    return sorted(found, key=lambda point: (point["at"], point["version"] or ""))


def _span(courses: Sequence[Course]) -> timedelta:
    first = min(int(course.starts[0]) for course in courses)
    last = max(int(course.starts[-1]) for course in courses)
    return timedelta(microseconds=last - first + courses[0].width)


def _points(profile: Profile, course: Course, metric: Metric) -> Iterator[dict[str, Any]]:
    for first, rate in _groups(course, profile.layout, metric):
        low, high = rate.interval()
        told = {"at": moment(first).isoformat(), "version": profile.version, "value": rate.value}
        yield {**told, "n": rate.n, "low": low, "high": high}


def _groups(course: Course, layout: Layout, metric: Metric) -> Iterator[tuple[int, Rate]]:
    """First row and rate of stretches, joined until one divides by `LEAST_ROWS`; a rest joins the last."""
    groups: list[tuple[int, Counts]] = []
    for first, counts in zip(course.firsts.tolist(), course.counts, strict=True):
        if groups and _rate(groups[-1][1], layout, metric).n < LEAST_ROWS:
            groups[-1] = (groups[-1][0], groups[-1][1] + counts)
        else:
            groups.append((first, counts))
    if len(groups) > 1 and _rate(groups[-1][1], layout, metric).n < LEAST_ROWS:
        groups[-2:] = [(groups[-2][0], groups[-2][1] + groups[-1][1])]
    rates = [(first, _rate(counts, layout, metric)) for first, counts in groups]
    return ((first, rate) for first, rate in rates if rate.n)


def since(window: Profile, metric: Metric, limit: float) -> datetime | None:
    """The first row's time of the stretch from which on the metric has been beyond the limit until now.

    The most likely start of the present bad run (maximum-likelihood change point: the greatest sum, from a
    stretch to the last, of log-likelihood ratios of the window's rate against the limit; Page 1954). The walk
    back ends where earlier rows prove the good side; None when the most recent rows prove it.
    """
    if not len(window.course.starts):
        return None
    width = max(window.course.width, width_for(_span([window.course]), MOST_STEPS))
    course = window.course.widened(width)
    found, total, highest = None, 0.0, 0.0
    for first, ratio in zip(
        course.firsts[::-1], _log_ratios(window, course, metric, limit)[::-1], strict=True
    ):
        total += ratio
        if total > highest:
            found, highest = moment(first), total
        if total < highest - PROOF:
            break
    return found


def _log_ratios(window: Profile, course: Course, metric: Metric, limit: float) -> list[float]:
    """Per stretch, how much better the window's own rate explains it than the limit does."""
    overall = metric.rate(Confusion.of(window.confusion, window.layout))
    bad, good = (min(max(share, 1e-4), 1 - 1e-4) for share in (overall.share, overall.share_at(limit)))
    hit, miss = math.log(bad / good), math.log((1 - bad) / (1 - good))
    rates = [_rate(counts, window.layout, metric) for counts in course.counts]
    return [rate.hits * hit + (rate.n - rate.hits) * miss for rate in rates]


def _rate(counts: Counts, layout: Layout, metric: Metric) -> Rate:
    known = len(layout.classes) + 1
    return metric.rate(Confusion.of(counts[:known, :known], layout))


def version_changes(profiles: Iterable[Profile]) -> list[dict[str, str]]:
    """Each time another version began to answer most requests: {at, version}, the first one included."""
    served_by = [profile for profile in profiles if len(profile.course.starts)]
    if len(served_by) == 1:  # as on most days, and then nothing need be compared
        only = served_by[0]
        return [_began(only.course.firsts[0], only.version)] if only.version else []
    stretches: dict[int, dict[str, tuple[int, int]]] = {}
    for profile in served_by:
        course = profile.course
        rows = course.counts.sum(axis=(1, 2)).tolist()
        for start, first, n in zip(course.starts.tolist(), course.firsts.tolist(), rows, strict=True):
            stretches.setdefault(start, {})[profile.version or ""] = (n, first)
    changes: list[dict[str, str]] = []
    before: dict[str, tuple[int, int]] = {}
    for _, served in sorted(stretches.items()):
        version = max(served, key=lambda each: served[each])
        if version and (not changes or changes[-1]["version"] != version):
            # Its first rows may stand in the stretch before, where another version still had more.
            _, first = before.get(version, served[version])
            changes.append(_began(first, version))
        before = served
    return changes


def _began(first: int, version: str) -> dict[str, str]:
    return {"at": moment(first).isoformat(), "version": version}
