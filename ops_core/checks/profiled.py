"""Reads the profiles that a run needs: what counts as normal, and the window that is judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Protocol, Self

from ops_core.checks.watch import CheckPlan, Watched
from ops_core.profiles.batch import Block, Deferred, Reading, rows_of
from ops_core.profiles.course import MOST_STRETCHES, width_for
from ops_core.profiles.fill import fill, in_order
from ops_core.profiles.layout import Layout
from ops_core.profiles.profile import Profile, Scope, merge_problems

# A layout is made from so many rows of the reference: half a million.
SAMPLE_ROWS = 2**19
DAY_WIDTH = 86_400_000_000


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


@dataclass(frozen=True)
class Needs:
    """What checks read beyond counts: correlations, and exact counts at values of measures and columns."""

    pairs: bool = False
    extra_edges: tuple[tuple[str, tuple[float, ...]], ...] = ()

    @classmethod
    def of(cls, checks: Iterable[Any]) -> Self:
        """Of all checks of a plan; those that say nothing need nothing more."""
        pairs, edges = False, dict[str, set[float]]()
        for check in checks:
            pairs |= getattr(check, "needs_pairs", False)
            for column, values in getattr(check, "extra_edges", {}).items():
                edges.setdefault(column, set()).update(values)
        return cls(pairs, tuple((column, tuple(sorted(values))) for column, values in sorted(edges.items())))


NOTHING_MORE = Needs()


def read_profiles(plan: CheckPlan, source: Source, needs: Needs = NOTHING_MORE) -> Profiles:
    """One pass over the reference, one over the window; without a reference, only fixed limits are judged."""
    watched = plan.watched
    usual = source.reference(plan)
    sample = _sample(usual.batches)
    served = source.served(plan, None if not sample else _features(sample, watched))
    arriving: Iterator[Deferred] = served.batches
    if sample:
        layout = _layout(plan, sample, needs)
    else:
        first = _sample(arriving, rows=1)
        arriving = chain(first, arriving)
        layout = _layout(plan, first, needs)
    reference = _merged(
        layout, chain(_given_away(sample), usual.batches), Scope(watched.name, pairs=needs.pairs)
    )
    versions = fill(layout, arriving, _scope(plan, needs))
    problems = merge_problems(tuple(usual.problems), tuple(served.problems))
    window = _judged(plan, Profile.empty(layout, _scope(plan, needs), plan.version), versions)
    window = replace(window, problems=merge_problems(window.problems, problems), place=served.place)
    return Profiles(reference, tuple(versions.values()), window)


def _sample(batches: Iterator[Deferred], rows: int = SAMPLE_ROWS) -> list[Block]:
    """The first rows, as many batches as hold that many."""
    found: list[Block] = []
    for block in in_order(rows_of, batches, until=lambda: sum(map(len, found)) >= rows):
        if block is not None:
            found.append(block)
    return found


def _given_away(blocks: list[Block]) -> Iterator[Block]:
    """Each block once, without holding on to it."""
    while blocks:
        yield blocks.pop(0)


def _layout(plan: CheckPlan, sample: Sequence[Block], needs: Needs) -> Layout:
    watched = plan.watched
    edges = {watched.measures.get(name, name): values for name, values in needs.extra_edges}
    return Layout.of(sample, watched.positive_label, watched.task, edges, watched.measures)


def _features(rows: Sequence[Block], watched: Watched) -> list[str]:
    """The features that the reference has and that are wanted, and the measures, which it may lack."""
    there = dict.fromkeys(name for block in rows for name in block.features)
    wanted = [name for name in there if watched.features is None or name in watched.features]
    return list(dict.fromkeys([*wanted, *watched.measures.values()]))


def _scope(plan: CheckPlan, needs: Needs) -> Scope:
    width = width_for(plan.window, MOST_STRETCHES)
    return Scope(plan.watched.name, plan.window_start, plan.now, plan.labels_due_at, width, needs.pairs)


def _merged(layout: Layout, rows: Iterable[Deferred], scope: Scope) -> Profile:
    merged = Profile.empty(layout, replace(scope, width=DAY_WIDTH))
    for profile in fill(layout, rows, merged.scope).values():
        merged = profile.merge(merged) if merged.n else profile
    return merged


def _judged(plan: CheckPlan, empty: Profile, versions: dict[str | None, Profile]) -> Profile:
    """The plan's version, or the one that served last."""
    if plan.version is not None:
        return versions.get(plan.version) or empty
    told = [(profile.last_at, profile) for profile in versions.values() if profile.last_at]
    return max(told, key=lambda pair: pair[0])[1] if told else empty
