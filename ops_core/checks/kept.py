"""Reads only what is new: the reference and closed days are counted once and kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol, runtime_checkable

from ops_core.checks.profiled import (
    NOTHING_MORE,
    Needs,
    Profiles,
    Source,
    as_profiles,
    read_reference,
    window_scope,
)
from ops_core.checks.watch import CheckPlan
from ops_core.errors import Unavailable
from ops_core.profiles.batch import Problem, Reading
from ops_core.profiles.days import DAY
from ops_core.profiles.fill import fill_days
from ops_core.profiles.layout import Layout
from ops_core.profiles.packing import pack, unpack
from ops_core.profiles.profile import Profile, Scope
from ops_core.profiles.shelf import REFERENCE, Shelf, Slot, fingerprint

VERSION = 5
"""Of what is kept; another one makes everything stale."""
PLACES = ("owner", "serving_url", "reference_max_age", "alias", "predictions", "labels", "reference")
"""What says nothing of how rows are counted."""
MOST_REFERENCES = 16
"""Held in memory by a process; one of 20 features takes about 2 MB."""


@runtime_checkable
class DatedSource(Source, Protocol):
    """A source that knows which of its days have not changed."""

    def reference_fingerprint(self, plan: CheckPlan) -> str | None:
        """Differs when the reference's rows may differ; None when there is no reference."""
        ...

    def days(self, plan: CheckPlan) -> Mapping[int, str]:
        """Days since 1970 that lie whole in the window and have ended, each with a fingerprint.

        Not those whose labels are just becoming due.
        """
        ...

    def begins_inside(self, plan: CheckPlan) -> bool:
        """Whether no row was served before the plan's window; False when only reading would tell."""
        ...

    def served(
        self, plan: CheckPlan, features: Sequence[str] | None, without: frozenset[int] = frozenset()
    ) -> Reading:
        """The rows served in the plan's window, but for those of some days."""
        ...


def reference_of(plan: CheckPlan, source: Source, shelf: Shelf | None) -> Profile:
    """What counts as normal, alone: from the shelf, or read."""
    usual = source.reference_fingerprint(plan) if isinstance(source, DatedSource) else None
    if shelf is None or usual is None:
        return read_reference(plan, source, NOTHING_MORE)[1]
    return Keeping(plan, NOTHING_MORE, shelf, usual).reference(source)[1]


def read_kept(plan: CheckPlan, source: DatedSource, needs: Needs, shelf: Shelf) -> Profiles:
    """What `read_profiles` would read, most of it from the shelf; all is read when the shelf fails."""
    usual = source.reference_fingerprint(plan)
    if usual is None:
        return as_profiles(plan, source, needs, None)
    keeping = Keeping(plan, needs, shelf, usual)
    layout, reference = keeping.reference(source)
    days = source.days(plan)
    kept, known = keeping.days(layout, days)
    served = source.served(plan, list(layout.features), frozenset(kept))
    apart = frozenset(days) - frozenset(kept)
    scope = replace(window_scope(plan, needs), without=frozenset(kept))
    fresh = fill_days(layout, served.batches, scope, apart)
    keeping.keep(
        {day: [part for (_, at), part in fresh.items() if at == day] for day in apart}, days, served.each()
    )
    served.problems += known
    parts = [part for profiles in kept.values() for part in profiles] + list(fresh.values())
    return as_profiles(plan, source, needs, (layout, reference, parts, served, keeping.problems))


@dataclass
class Keeping:
    """The slots of one plan on a shelf; what goes wrong with the shelf becomes a problem, not an error."""

    plan: CheckPlan
    needs: Needs
    shelf: Shelf
    usual: str

    def __post_init__(self) -> None:
        scope = window_scope(self.plan, self.needs)
        counted = how_counted(self.plan)
        self._options = fingerprint(VERSION, counted, self.needs.extra_edges, scope.width, scope.pairs)
        self.problems: list[Problem] = []

    def reference(self, source: Source) -> tuple[Layout, Profile]:
        """The layout and the reference's profile, read unless they are kept."""
        slot = self._slot(REFERENCE, self.usual)
        scope = Scope(self.plan.watched.name, pairs=self.needs.pairs)
        try:
            content = self._found([slot]).get(REFERENCE)
            if content is not None:
                return _reference(content, scope)
        except ValueError as error:
            self._unread(error)
        layout, reference = read_reference(self.plan, source, self.needs)
        if any(problem.passing for problem in reference.problems):  # the next reading may see more
            return layout, reference
        self._keep({slot: {"layout": json.dumps(layout.to_json()), "profile": reference.to_plain()}})
        return layout, reference

    def days(self, layout: Layout, days: Mapping[int, str]) -> tuple[dict[int, list[Profile]], list[Problem]]:
        """The profiles, one a version, of those days that are kept, and the problems that were met there."""
        scope = window_scope(self.plan, self.needs)
        found = self._find([self._slot(_name(day), told) for day, told in days.items()])
        profiles = {
            day: [Profile.from_plain(each, layout, scope) for each in found[_name(day)]["profiles"]]
            for day in days
            if _name(day) in found
        }
        return profiles, [Problem(*told) for each in found.values() for told in each["problems"]]

    def keep(
        self, fresh: Mapping[int, Sequence[Profile]], days: Mapping[int, str], problems: Sequence[Problem]
    ) -> None:
        """Keeps the profiles of days that were read, with their problems; not while those may pass."""
        contents: dict[Slot, Mapping[str, Any]] = {}
        for day, parts in fresh.items():
            met = [problem for problem in problems if problem.concerns(day)]
            if not any(problem.passing for problem in met):
                contents[self._slot(_name(day), days[day])] = {
                    "profiles": [part.to_plain() for part in parts],
                    "problems": [[problem.where, problem.what] for problem in met],
                }
        self._keep(contents)

    def _slot(self, name: str, told: str) -> Slot:
        return Slot(self.plan.watched.name, self._options, self.usual, name, told)

    def _find(self, slots: Sequence[Slot]) -> dict[str, dict[str, Any]]:
        try:
            return {name: unpack(content) for name, content in self._found(slots).items()}
        except ValueError as error:
            self._unread(error)
            return {}

    def _found(self, slots: Sequence[Slot]) -> Mapping[str, bytes]:
        try:
            return self.shelf.find(slots)
        except Unavailable as error:
            self._unread(error)
            return {}

    def _unread(self, error: Exception) -> None:
        why = f"cannot be read ({error}); all is read anew"
        self.problems.append(Problem("stored profiles", why, passing=True))

    def _keep(self, contents: Mapping[Slot, Mapping[str, Any]]) -> None:
        if not contents:
            return
        try:
            self.shelf.keep({slot: pack(tree) for slot, tree in contents.items()}, self.plan.now)
        except Unavailable as error:
            self.problems.append(Problem("stored profiles", f"could not be kept ({error})", passing=True))


def how_counted(plan: CheckPlan) -> dict[str, Any]:
    """What of the model under watch decides how its rows are counted."""
    return {name: value for name, value in plan.watched.to_json().items() if name not in PLACES}


@lru_cache(maxsize=MOST_REFERENCES)
def _reference(content: bytes, scope: Scope) -> tuple[Layout, Profile]:
    """What was kept of a reference; the models that are checked most often need not be unpacked again."""
    found = unpack(content)
    layout = Layout.from_json(json.loads(found["layout"]))
    return layout, Profile.from_plain(found["profile"], layout, scope)


def _name(day: int) -> str:
    return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=day * DAY):%Y-%m-%d}"
