"""Small stand-ins for the registry, the serving side and the judge, and the findings that it tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ops_core.checks.cadence import Cadence
from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.progress import Progress, Tell, untold
from ops_core.checks.watch import CheckSpec, Watched, cadence_of
from ops_core.errors import Conflict, NotFound, OpsError, Unavailable
from ops_core.registry import ModelVersion, ServingState

MODEL = "tumour"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def finding(verdict: Verdict = Verdict.OK, check: str = "performance.f1", **other: Any) -> Finding:
    """A finding of the one model; alarming ones lie below their limit."""
    value = 0.65 if verdict.is_alarming else 0.95
    plain = Finding(
        check=check,
        model=MODEL,
        verdict=verdict,
        signal=check.partition(".")[2],
        explanation=f"{check} is {value}",
        window_start=NOW - HOUR,
        window_end=NOW,
        version="2",
        value=None if verdict is Verdict.NO_DATA else value,
        limit=0.8,
        reference=0.96,
        n=0 if verdict is Verdict.NO_DATA else 400,
    )
    return replace(plain, **other)


GOOD = [finding(), finding(check="drift.data", unit="psi")]
BAD = [finding(Verdict.CRITICAL, since=NOW - 20 * MINUTE), finding(check="drift.data", unit="psi")]


@dataclass
class FakeRegistry:
    """Versions 1 to 3 in memory; `down` makes every question fail."""

    names: dict[str, str] = field(default_factory=lambda: {"champion": "2"})
    moves: list[str] = field(default_factory=list)
    down: bool = False

    def live(self, model: str, alias: str) -> ModelVersion:
        """What the alias names."""
        return self.version(model, self.names[alias])

    def version(self, model: str, version: str) -> ModelVersion:
        """One version."""
        found = [each for each in self.versions(model) if each.version == version]
        if not found:
            raise NotFound(f"There is no version {version} of {model}.")
        return found[0]

    def versions(self, model: str) -> list[ModelVersion]:
        """The versions, newest first."""
        if self.down:
            raise Unavailable("The registry did not answer.")
        figures = {"3": 0.97, "2": 0.97, "1": 0.96}
        return [
            ModelVersion(model, number, NOW - int(number) * HOUR, metrics={"f1": f1})
            for number, f1 in figures.items()
        ]

    def move_alias(self, model: str, alias: str, version: str, *, expected: str | None = None) -> None:
        """Move it, and remember that it was moved."""
        self.version(model, version)
        if expected is not None and self.names[alias] != expected:
            raise Conflict(f"{alias} names version {self.names[alias]}, not {expected}.")
        self.moves.append(version)
        self.names[alias] = version


@dataclass
class FakeServing:
    """A server that serves what the registry names, unless it `lags` behind or is not `healthy`."""

    registry: FakeRegistry
    lags: str | None = None
    healthy: bool = True

    def probe(self, url: str) -> ServingState:
        """Its state."""
        version = self.lags or self.registry.names["champion"]
        error = None if self.healthy else "connection refused"
        return ServingState(url, self.healthy, version, timedelta(milliseconds=3), error, NOW)


@dataclass
class FakeJudge:
    """Says what it was told to; `broken` is raised instead. `asked` keeps the versions asked about."""

    says: list[Finding] = field(default_factory=lambda: list(GOOD))
    broken: OpsError | None = None
    asked: list[tuple[str | None, datetime | None]] = field(default_factory=list)
    windows: list[timedelta | None] = field(default_factory=list)
    specs: tuple[CheckSpec, ...] = ()
    reads: list[int] = field(default_factory=list)
    wait: Callable[[], object] = lambda: None
    usual: tuple[int, int] | None = (500, 10_000)

    def judge(
        self,
        watched: Watched,
        *,
        checks: Sequence[str] = (),
        version: str | None = None,
        since: datetime | None = None,
        cadence: Cadence | None = None,
        window: timedelta | None = None,
        tell: Tell = untold,
    ) -> list[Finding]:
        """The findings of the checks asked for, or of those that have the cadence."""
        self.asked.append((version, since))
        if self.broken:
            raise self.broken
        self.windows.append(window)
        for rows in self.reads:
            self.wait()
            tell(Progress("reading what was served", rows))
        wanted = [one for one in self.says if not checks or one.check in checks]
        turn = [one for one in wanted if cadence in (None, cadence_of(self.specs, one.check))]
        return [replace(one, version=version) for one in turn]

    def usual_errors(self, watched: Watched) -> tuple[int, int] | None:
        """Wrong answers of the reference, and all of them."""
        if self.broken:
            raise self.broken
        return self.usual

    def cadence(self, watched: Watched, check: str) -> Cadence:
        """The one of its specs."""
        return cadence_of(self.specs, check)
