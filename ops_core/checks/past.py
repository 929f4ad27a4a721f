"""Gives a window the closed days before it, for the checks that look at more than the window."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from typing import Any

from ops_core.checks.kept import VERSION, DatedSource, how_counted
from ops_core.checks.profiled import DAY_WIDTH, Needs, Profiles
from ops_core.checks.watch import CheckPlan
from ops_core.drift.histories import MOST_DAYS
from ops_core.errors import Unavailable
from ops_core.profiles.days import DAY
from ops_core.profiles.fill import fill_days
from ops_core.profiles.history import History
from ops_core.profiles.packing import pack, unpack
from ops_core.profiles.profile import Profile, Scope, microseconds
from ops_core.profiles.shelf import Shelf, Slot, fingerprint

SLOT = "history"
MOST_ROWS_A_RUN = 2**21
"""So many older rows are about read in one run, the newest days first; the next runs read on."""

Told = Mapping[str | None, History]


def with_history(
    plan: CheckPlan, source: DatedSource, needs: Needs, shelf: Shelf | None, profiles: Profiles
) -> Profiles:
    """The profiles, their window with its version's closed days of the past `MOST_DAYS` days.

    Only inputs and answers are counted, once a day where there is a shelf: labels are not waited for. Days
    before `plan.since` are left out. What cannot be read now is left out too: the checks then look back less.
    """
    window = profiles.window
    if not window.n or not profiles.reference.n:
        return profiles
    past = Past(plan, needs, shelf, source.reference_fingerprint(plan) or "")
    told = past.in_window(source, window) or past.read(source, window).get(window.version)
    return profiles if told is None else replace(profiles, window=replace(window, history=told))


@dataclass
class Past:
    """The closed days of one plan, of all versions; what is kept of them lies in one slot."""

    plan: CheckPlan
    needs: Needs
    shelf: Shelf | None
    usual: str
    _longer: CheckPlan = field(init=False)

    def __post_init__(self) -> None:
        today = self.plan.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        alone = replace(self.plan.watched, labels=None, label_delay=timedelta(0), reference_max_age=None)
        length = self.plan.now - today + timedelta(days=MOST_DAYS)
        self._longer = replace(self.plan, watched=alone, window=length)

    def read(self, source: DatedSource, window: Profile) -> Told:
        """By version, what is known of closed days: kept before, or read now."""
        days = source.days(self._longer)
        seen, kept = self._find()
        known = {day for day, told in days.items() if seen.get(day) == told}
        new = sorted(set(days) - known, reverse=True)[: self._most_days(window)]
        if new:
            # Days that are not asked for now, because of `since`, are kept for the next run.
            seen = {day: told for day, told in seen.items() if day in known or self._waits(day, days)}
            kept = {version: one.on(seen) for version, one in kept.items()}
            for version, one in self._count(source, window, new).items():
                kept[version] = kept[version].merge(one) if version in kept else one
            self._keep({**seen, **{day: days[day] for day in new}}, kept)
        told = {version: one.on({*known, *new}) for version, one in kept.items()}
        return {version: one for version, one in told.items() if len(one.days.days)}

    def in_window(self, source: DatedSource, window: Profile) -> History | None:
        """The closed days as the window has them, where nothing was served before it and nothing is kept."""
        ended = microseconds(self.plan.window_end) < self._today * DAY
        if self.shelf is not None or ended or not source.begins_inside(self.plan):
            return None
        whole = History.of_course(window.days, window.course)
        return whole.on(range(self._today - MOST_DAYS, self._today))

    def _waits(self, day: int, days: Mapping[int, str]) -> bool:
        return day not in days and day >= self._today - MOST_DAYS

    @property
    def _today(self) -> int:
        return microseconds(self.plan.now) // DAY

    def _most_days(self, window: Profile) -> int:
        """How many days are read in this run, judged by the rows of the window."""
        start = max(filter(None, (window.scope.start, window.first_at)), default=self.plan.now)
        rows_a_day = window.n * timedelta(days=1) / max(self.plan.now - start, timedelta(hours=1))
        return max(1, min(MOST_DAYS, int(MOST_ROWS_A_RUN / rows_a_day)))

    def _count(self, source: DatedSource, window: Profile, days: Collection[int]) -> Told:
        left_out = frozenset(range(self._today - MOST_DAYS - 1, self._today + 1)) - frozenset(days)
        reading = source.served(self._longer, list(window.layout.features), left_out)
        first = self.plan.now - self._longer.window - timedelta(microseconds=1)
        # With both ends, because a damaged time may lie beyond all that can be told.
        scope = Scope(
            self.plan.watched.name, first, self.plan.now, width=DAY_WIDTH, pairs=False, without=left_out
        )
        parts: dict[str | None, list[Profile]] = {}
        for (version, day), part in fill_days(window.layout, reading.batches, scope, frozenset(days)).items():
            if day is not None:  # else rows older than all, in a file that holds newer ones too
                parts.setdefault(version, []).append(part)
        return {
            version: History.of([one.days for one in each], [one.prediction_counts for one in each])
            for version, each in parts.items()
        }

    def _slot(self) -> Slot:
        options = fingerprint(SLOT, VERSION, how_counted(self._longer), self.needs.extra_edges)
        return Slot(self.plan.watched.name, options, self.usual, SLOT, "")

    def _find(self) -> tuple[dict[int, str], dict[str | None, History]]:
        """Nothing when the shelf fails: who reads the window from it says so."""
        if self.shelf is None:
            return {}, {}
        try:
            found: dict[str, Any] = {SLOT: {"seen": [], "versions": []}} | {
                name: unpack(content) for name, content in self.shelf.find([self._slot()]).items()
            }
        except (Unavailable, ValueError):
            return {}, {}
        told = found[SLOT]
        return dict(told["seen"]), {version: History.from_plain(one) for version, one in told["versions"]}

    def _keep(self, seen: Mapping[int, str], found: Told) -> None:
        if self.shelf is None:
            return
        versions = [[version, one.to_plain()] for version, one in found.items() if len(one.days.days)]
        content = pack({"seen": [[day, told] for day, told in seen.items()], "versions": versions})
        try:
            self.shelf.keep({self._slot(): content}, self.plan.now)
        except Unavailable:
            return
