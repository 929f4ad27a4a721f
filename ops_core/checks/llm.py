"""Checks of a language model's answers, from what the prediction log says of each (seed 001, "LLMs/RAG")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ops_core.checks.check import no_rows, report
from ops_core.checks.evidence import Judged, Limit, doubt, judge
from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.measured import Measured
from ops_core.checks.wording import amounts
from ops_core.profiles.answers import Percentile, estimate_of, tally_of
from ops_core.profiles.cells import Numeric
from ops_core.profiles.profile import Profile
from ops_core.profiles.rates import Estimate, Worse

SLOWEST = 0.05
"""The share of the rows that lie above a 95th percentile."""


@dataclass(frozen=True)
class Answers(Measured):
    """What is measured of each answer stays on the good side of its limits."""

    of: ClassVar[str]
    label: ClassVar[str]
    worse: ClassVar[Worse] = "higher"
    by_labels: ClassVar[bool] = False

    def measure(self, profile: Profile) -> Estimate:
        """The rate or the average of the measure's column."""
        return estimate_of(profile, self.of)

    def undefined(self, window: Profile) -> str:
        """No column, one of text, or no value."""
        return _nowhere(window, self.of)


@dataclass(frozen=True)
class Relevance(Answers):
    """Four of five answers are relevant (of those that were looked at)."""

    name: ClassVar[str] = "llm.relevance"
    needs: ClassVar[tuple[str, ...]] = ("relevance",)
    of: ClassVar[str] = "relevance"
    label: ClassVar[str] = "Relevance"
    worse: ClassVar[Worse] = "lower"
    warning_limit: float | None = 0.80
    critical_limit: float | None = 0.75


@dataclass(frozen=True)
class Hallucinations(Answers):
    """At most one answer of twenty has no ground."""

    name: ClassVar[str] = "llm.hallucination_rate"
    needs: ClassVar[tuple[str, ...]] = ("hallucinated",)
    of: ClassVar[str] = "hallucinated"
    label: ClassVar[str] = "Hallucination rate"
    warning_limit: float | None = 0.05
    critical_limit: float | None = 0.08


@dataclass(frozen=True)
class Quality(Answers):
    """Users rate answers 4 of 5 on average."""

    name: ClassVar[str] = "llm.quality"
    needs: ClassVar[tuple[str, ...]] = ("rating",)
    of: ClassVar[str] = "rating"
    label: ClassVar[str] = "Rating"
    unit: ClassVar[str] = "of 5"
    worse: ClassVar[Worse] = "lower"
    warning_limit: float | None = 4.0
    critical_limit: float | None = 3.5


@dataclass(frozen=True)
class RetrievalHits(Answers):
    """What is needed for the answer is among what was retrieved."""

    name: ClassVar[str] = "llm.retrieval_hit_rate"
    needs: ClassVar[tuple[str, ...]] = ("retrieved",)
    of: ClassVar[str] = "retrieved"
    label: ClassVar[str] = "Retrieval hit rate"
    worse: ClassVar[Worse] = "lower"
    warning_limit: float | None = 0.85
    critical_limit: float | None = 0.80


@dataclass(frozen=True)
class Refusals(Answers):
    """Questions are not refused twice as often as they were."""

    name: ClassVar[str] = "llm.refusal_rate"
    needs: ClassVar[tuple[str, ...]] = ("refused",)
    of: ClassVar[str] = "refused"
    label: ClassVar[str] = "Refusal rate"
    warning_change_ratio: float | None = 1.0


@dataclass(frozen=True)
class Tokens(Answers):
    """A request takes no more tokens than it did; a tenth and a fifth more are too many."""

    name: ClassVar[str] = "llm.tokens"
    needs: ClassVar[tuple[str, ...]] = ("tokens",)
    of: ClassVar[str] = "tokens"
    label: ClassVar[str] = "Tokens a request"
    unit: ClassVar[str] = "tokens"
    warning_change_ratio: float | None = 0.10
    critical_change_ratio: float | None = 0.20


@dataclass(frozen=True)
class RequestCost(Answers):
    """A request costs no more than it did; a tenth and a fifth more are too much (seed 001, section 6)."""

    name: ClassVar[str] = "llm.cost"
    needs: ClassVar[tuple[str, ...]] = ("cost",)
    of: ClassVar[str] = "cost"
    label: ClassVar[str] = "Cost a request"
    unit: ClassVar[str] = ""
    warning_change_ratio: float | None = 0.10
    critical_change_ratio: float | None = 0.20


@dataclass(frozen=True)
class AnswerTime:
    """19 of 20 answers come within 2 s, and within 3 s surely."""

    name: ClassVar[str] = "llm.latency_p95"
    needs: ClassVar[tuple[str, ...]] = ("latency",)
    of: ClassVar[str] = "latency"

    warning_limit: float | None = 2.0
    critical_limit: float | None = 3.0

    @property
    def extra_edges(self) -> Mapping[str, tuple[float, ...]]:
        """Where exact counts are needed, by measure; and a grid, so that any percentile is told to 5 %."""
        limits = {limit for limit in (self.warning_limit, self.critical_limit) if limit is not None}
        grid = {min(limits) * 2 ** (step / 8) for step in range(-48, 49)} if limits else set()
        return {self.of: tuple(sorted(limits | grid))}

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding; `no_data` when no answer was timed."""
        if not window.n:
            return [no_rows(self, window)]
        found = _percentile(window, self.of)
        value = None if found is None else found.at(1 - SLOWEST)
        if found is None or value is None:
            why = f"Latency (p95) cannot be told: {_nowhere(window, self.of)}, n = 0"
            return [report(self, window, Verdict.NO_DATA, why, n=0)]
        usual = _percentile(reference, self.of)
        normal = None if usual is None else usual.at(1 - SLOWEST)
        judged, limit = self._judge(found)
        interval = found.interval(1 - SLOWEST)
        return [
            report(
                self,
                window,
                judged.verdict,
                self._told(found, value, normal, limit, judged, interval),
                unit="seconds",
                value=value,
                limit=limit,
                reference=normal,
                n=found.n,
                interval=interval,
                p_value=judged.p_value,
            )
        ]

    def _judge(self, found: Percentile) -> tuple[Judged, float | None]:
        """The exact binomial test of whether more than one row in twenty took longer than a limit."""
        given = ((self.critical_limit, Verdict.CRITICAL), (self.warning_limit, Verdict.WARNING))
        limits = [(limit, verdict) for limit, verdict in given if limit is not None]
        told = []
        for limit, verdict in limits:
            slow = found.above(limit)
            told.append((judge(slow, slow, [Limit(SLOWEST, verdict)], "higher"), limit))
        return max(told, key=lambda each: each[0].verdict.rank, default=(Judged(Verdict.OK), None))

    def _told(
        self,
        found: Percentile,
        value: float,
        normal: float | None,
        limit: float | None,
        judged: Judged,
        interval: tuple[float, float] | None,
    ) -> str:
        low, high = interval or (value, value)
        shown, usual, bound, least, most = amounts("seconds", value, normal, limit, low, high)
        against = "" if normal is None else f" against {usual} on the reference"
        limited = "" if limit is None else f" (limit {bound})"
        text = f"Latency (p95) {shown}{against}{limited}, n = {found.n:,}, 95 % {least}–{most}"
        if judged.verdict is Verdict.NO_EVIDENCE and limit is not None:
            text += f"; {doubt(found.above(limit), judged)}"
        return text


def _percentile(profile: Profile, measure: str) -> Percentile | None:
    tally = tally_of(profile, measure)
    cells = profile.layout.features.get(profile.layout.measures.get(measure, ""))
    if tally is None or not isinstance(cells, Numeric):
        return None
    return Percentile(cells, tally.counts, tally.moments)


def _nowhere(window: Profile, measure: str) -> str:
    column = window.layout.measures.get(measure)
    if column is None:
        return f"no column holds it (columns.{measure} names one)"
    if not isinstance(window.layout.features.get(column), Numeric):
        return f"column {column} holds text instead of numbers"
    return f"column {column} has no value"
