"""Reads the profiles that a run needs: what counts as normal, and the window that is judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Protocol, Self, TypeAlias, runtime_checkable

from ops_core.checks.watch import CheckPlan, Watched
from ops_core.profiles.batch import Block, Deferred, Problem, Reading, lacks, rows_of
from ops_core.profiles.course import MOST_STRETCHES, width_for
from ops_core.profiles.fill import fill, in_order
from ops_core.profiles.layout import Layout
from ops_core.profiles.profile import Profile, Scope, merge_problems

# A layout is made from so many rows of the reference: 131,072, and those being decoded.
SAMPLE_ROWS = 2**17
DAY_WIDTH = 86_400_000_000


class Source(Protocol):
    """Where the rows come from. What cannot be read becomes a problem of the reading, never an exception."""

    def reference(self, plan: CheckPlan) -> Reading:
        """The rows that count as normal, with their labels."""
        ...

    def served(self, plan: CheckPlan, features: Sequence[str] | None) -> Reading:
        """The rows served in the plan's window, labels joined; only these features, or all when None."""
        ...


@runtime_checkable
class Counting(Protocol):
    """A source that counts the served rows where they live, so that they need not be read."""

    def count(
        self, plan: CheckPlan, layout: Layout, scope: Scope, reading: Reading
    ) -> dict[str | None, Profile]:
        """What `fill` makes of the rows of `reading`, which is told the problems."""
        ...


@dataclass(frozen=True)
class Profiles:
    """What a run knows: the reference, the window's rows by version, and those that are judged."""

    reference: Profile
    versions: tuple[Profile, ...]
    window: Profile


@dataclass(frozen=True)
class Needs:
    """What checks read beyond counts: correlations, exact counts at values of columns, older days."""

    pairs: bool = False
    extra_edges: tuple[tuple[str, tuple[float, ...]], ...] = ()
    history: bool = False

    @classmethod
    def of(cls, checks: Iterable[Any]) -> Self:
        """Of all checks of a plan; those that say nothing need nothing more."""
        pairs, history, edges = False, False, dict[str, set[float]]()
        for check in checks:
            pairs |= getattr(check, "needs_pairs", False)
            history |= getattr(check, "needs_history", False)
            for column, values in getattr(check, "extra_edges", {}).items():
                edges.setdefault(column, set()).update(values)
        exact = tuple((column, tuple(sorted(values))) for column, values in sorted(edges.items()))
        return cls(pairs, exact, history)


NOTHING_MORE = Needs()


Read: TypeAlias = tuple[Layout, Profile, Sequence[Profile], Reading, Sequence[Problem]]


def read_profiles(plan: CheckPlan, source: Source, needs: Needs = NOTHING_MORE) -> Profiles:
    """One pass over the reference, one over the window; without a reference, only fixed limits are judged."""
    return as_profiles(plan, source, needs, None)


def as_profiles(plan: CheckPlan, source: Source, needs: Needs, read: Read | None) -> Profiles:
    """What was read, put together by version; all is read now when nothing was."""
    layout, reference, parts, served, problems = read or _read(plan, source, needs)
    versions: dict[str | None, Profile] = {}
    for part in parts:
        versions[part.version] = versions[part.version].merge(part) if part.version in versions else part
    window = _judged(plan, Profile.empty(layout, window_scope(plan, needs), plan.version), versions)
    met = tuple(each for each in (*served.met(), *problems) if each.what not in _as_usual(reference, plan))
    told = merge_problems(window.problems, _of(reference, plan), met)
    return Profiles(reference, tuple(versions.values()), replace(window, problems=told, place=served.place))


def _of(reference: Profile, plan: CheckPlan) -> tuple[Problem, ...]:
    """The reference's problems; that it has no rows is one, unless they say why."""
    if reference.n or reference.problems:
        return reference.problems
    why = "has no rows, so nothing can be compared, and default limits do not alarm"
    return (Problem(f"reference {plan.watched.reference}", why),)


def _as_usual(reference: Profile, plan: CheckPlan) -> set[str]:
    """What is no problem, for the reference is like that: a regression has no scores, a chat bot no label."""
    if not reference.n:
        return set()
    watched, labels = plan.watched, reference.outcomes.sum(axis=(0, 2))
    there = {
        watched.score_column: bool(reference.layout.score.edges),
        watched.prediction_column: bool(reference.prediction_counts[:-1].sum()),
        watched.label_column: bool(labels[:-2].sum()) or watched.labels is not None,
    }
    return {lacks(column) for column, is_there in there.items() if column and not is_there}


def _read(plan: CheckPlan, source: Source, needs: Needs) -> Read:
    usual = source.reference(plan)
    sample = _sample(usual.batches)
    served = source.served(plan, None if not sample else _features(sample, plan.watched))
    arriving: Iterator[Deferred] = served.batches
    if sample:
        layout = _layout(plan, sample, needs)
    else:
        first = _sample(arriving, rows=1)
        arriving = chain(first, arriving)
        layout = _layout(plan, first, needs)
    reference = _counted(plan, layout, sample, usual, needs)
    scope = window_scope(plan, needs)
    if isinstance(source, Counting):
        parts = source.count(plan, layout, scope, served)
    else:
        parts = fill(layout, arriving, scope)
    return layout, reference, list(parts.values()), served, ()


def read_reference(plan: CheckPlan, source: Source, needs: Needs) -> tuple[Layout, Profile]:
    """The cells from the reference's first rows, and the counts of all."""
    usual = source.reference(plan)
    sample = _sample(usual.batches)
    layout = _layout(plan, sample, needs)
    return layout, _counted(plan, layout, sample, usual, needs)


def _counted(plan: CheckPlan, layout: Layout, sample: list[Block], usual: Reading, needs: Needs) -> Profile:
    scope = Scope(plan.watched.name, width=DAY_WIDTH, pairs=needs.pairs)
    merged = Profile.empty(layout, scope)
    for profile in fill(layout, chain(_given_away(sample), usual.batches), scope).values():
        merged = profile.merge(merged) if merged.n else profile
    return replace(merged, problems=merge_problems(merged.problems, usual.met()))


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
    layout = Layout.of(sample, watched.positive_label, watched.task, edges, watched.measures)
    return replace(layout, columns=dict(watched.split_columns))


def _features(rows: Sequence[Block], watched: Watched) -> list[str]:
    """The features that the reference has and that are wanted, and the measures, which it may lack."""
    there = dict.fromkeys(name for block in rows for name in block.features)
    wanted = [name for name in there if watched.features is None or name in watched.features]
    return list(dict.fromkeys([*wanted, *watched.measures.values()]))


def window_scope(plan: CheckPlan, needs: Needs) -> Scope:
    """Which rows of the window count."""
    width = width_for(plan.window, MOST_STRETCHES)
    return Scope(
        plan.watched.name, plan.window_start, plan.window_end, plan.labels_due_at, width, needs.pairs
    )


def _judged(plan: CheckPlan, empty: Profile, versions: dict[str | None, Profile]) -> Profile:
    """The plan's version, or the one that served last."""
    if plan.version is not None:
        return versions.get(plan.version) or empty
    told = [(profile.last_at, profile) for profile in versions.values() if profile.last_at]
    return max(told, key=lambda pair: pair[0])[1] if told else empty
