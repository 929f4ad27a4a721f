"""A source whose reading is told to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ops_core.checks.kept import DatedSource
from ops_core.checks.profiled import Counting, Source
from ops_core.checks.progress import REFERENCE, SERVED, Progress, Tell
from ops_core.checks.watch import CheckPlan
from ops_core.profiles.batch import Block, Deferred, Reading, rows_of


def telling(source: Source, tell: Tell) -> Source:
    """The same source; `tell` is called, in whatever thread, whenever some of its rows have been read.

    Rows that are counted where they live are not seen here: it is only told that they are being counted.
    """
    if isinstance(source, Counting):
        tell(Progress(SERVED))
        return source
    return _ToldDated(source, tell) if isinstance(source, DatedSource) else _Told(source, tell)


@dataclass(frozen=True)
class _Told:
    source: Source
    tell: Tell

    def reference(self, plan: CheckPlan) -> Reading:
        """The rows that count as normal."""
        return _counted(self.source.reference(plan), REFERENCE, self.tell)

    def served(self, plan: CheckPlan, features: Sequence[str] | None) -> Reading:
        """The rows of the window."""
        return _counted(self.source.served(plan, features), SERVED, self.tell)


@dataclass(frozen=True)
class _ToldDated:
    source: DatedSource
    tell: Tell

    def reference(self, plan: CheckPlan) -> Reading:
        """The rows that count as normal."""
        return _counted(self.source.reference(plan), REFERENCE, self.tell)

    def served(
        self, plan: CheckPlan, features: Sequence[str] | None, without: frozenset[int] = frozenset()
    ) -> Reading:
        """The rows of the window, but for those of some days."""
        return _counted(self.source.served(plan, features, without), SERVED, self.tell)

    def reference_fingerprint(self, plan: CheckPlan) -> str | None:
        """As the source has it."""
        return self.source.reference_fingerprint(plan)

    def days(self, plan: CheckPlan) -> Mapping[int, str]:
        """As the source has them."""
        return self.source.days(plan)

    def begins_inside(self, plan: CheckPlan) -> bool:
        """As the source knows it."""
        return self.source.begins_inside(plan)


def _counted(reading: Reading, phase: str, tell: Tell) -> Reading:
    # The reading itself, because its problems are only known when it has been read.
    reading.batches = _counting(reading.batches, phase, tell)
    return reading


def _counting(batches: Iterable[Deferred], phase: str, tell: Tell) -> Iterator[Deferred]:
    read = [0]

    def told(deferred: Deferred) -> Callable[[], Block | None]:
        def rows() -> Block | None:
            block = rows_of(deferred)
            read[0] += 0 if block is None else len(block)
            tell(Progress(phase, read[0]))
            return block

        return rows

    return map(told, batches)
