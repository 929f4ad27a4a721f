"""What happens by the clock, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from ops_core.events import Event


@dataclass(frozen=True, kw_only=True)
class SummaryDue(Event):
    """It is time for the summary, or somebody asked for it."""

    verb: ClassVar[str] = "summary.post"
    room: str
    summary: dict[str, Any]

    @property
    def subject(self) -> str:
        """Where it goes."""
        return f"room:{self.room}"


@dataclass(frozen=True, kw_only=True)
class ReviewDue(Event):
    """It is time for the weekly review or the monthly audit, or somebody asked for one."""

    verb: ClassVar[str] = "review.post"
    room: str
    review: dict[str, Any]

    @property
    def subject(self) -> str:
        """Where it goes."""
        return f"room:{self.room}"


@dataclass(frozen=True, kw_only=True)
class FindingExplained(Event):
    """Somebody asked what a finding rests on; `chart` is the artefact of its picture.

    With `thread_of` it is said in the thread of that message.
    """

    verb: ClassVar[str] = "finding.explain"
    room: str
    finding: dict[str, Any]
    chart: int | None = None
    thread_of: str | None = None

    @property
    def subject(self) -> str:
        """The model."""
        return f"model:{self.finding['model']}"

    @property
    def detail(self) -> dict[str, Any]:
        """Which check."""
        return {"check": self.finding["check"]}


@dataclass(frozen=True, kw_only=True)
class RunsMissed(Event):
    """Tocsin was down while runs fell due; they were merged into one each."""

    verb: ClassVar[str] = "schedule.missed"
    down_since: datetime
    runs: tuple[tuple[str, int], ...]

    @property
    def subject(self) -> str:
        """The schedule."""
        return "schedule"

    @property
    def detail(self) -> dict[str, Any]:
        """Which runs, how many of each."""
        return {"runs": [list(run) for run in self.runs]}


@dataclass(frozen=True, kw_only=True)
class CheckTroubled(Event):
    """A model's checks could not run, or run again after they could not."""

    verb: ClassVar[str] = "check.trouble"
    model: str
    values: dict[str, Any]

    @property
    def subject(self) -> str:
        """The model."""
        return f"model:{self.model}"
