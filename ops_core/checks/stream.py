"""The check of what serving processes push: more errors than usual, within moments."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from ops_core.checks.evidence import LEAST_ROWS, TOO_FEW
from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.signal_check import Look, aside, clouded, report, split, unread
from ops_core.checks.wording import amounts, percent, words
from ops_core.drift.running import ROWS_A_FALSE_ALARM
from ops_core.profiles.rates import Rate
from ops_core.signals.signal import Signal
from ops_core.streams.streamed import STREAM, Streamed, moment


@dataclass(frozen=True)
class StreamErrors:
    """Answers that a serving process has counted are not wrong more often, since some moment, than usual.

    The sequential detector of `drift.concept`, carried on with each push. It rings falsely at most about once
    in `rows_a_false_alarm` answers, and at the stream's pace no more often than `false_alarms_a_year`. A rise
    by less than `least_change_ratio` is left alone; `critical_change_ratio` is a rise that makes it critical.
    When nothing was pushed for `silent_seconds`, nothing is known.
    """

    name: ClassVar[str] = STREAM
    reads: ClassVar[str] = STREAM
    label: ClassVar[str] = "Errors of the stream"
    unit: ClassVar[str] = "ratio"

    rows_a_false_alarm: float = ROWS_A_FALSE_ALARM
    false_alarms_a_year: float = 0.5
    least_change_ratio: float = 0.2
    critical_change_ratio: float = 1.0
    silent_seconds: float = 3600.0

    def judge(self, signals: Sequence[Signal], look: Look) -> list[Finding]:
        """One finding about the worst of the streams; `no_data` when there is none that can be told of."""
        read, failed = split(signals)
        known = [each for each in read if isinstance(each, Streamed)]
        if not known:
            return [unread(self, look, signals, self.label)]
        told = [(each, self._verdict(each, look.at)) for each in known]
        stream, verdict = max(told, key=lambda pair: (pair[1].rank, _rate(pair[0])))
        return [self._report(stream, clouded(verdict, failed), look, aside(failed))]

    def _verdict(self, stream: Streamed, now: datetime) -> Verdict:
        """An alarm needs evidence and a rise that is worth waking for; no word for long is no good word."""
        if self._is_silent(stream, now):
            return Verdict.NO_DATA
        change = stream.change
        if change is None or change.n_after < LEAST_ROWS or not self._rings(stream, change.log_evidence):
            return Verdict.OK if stream.n >= LEAST_ROWS else Verdict.NO_EVIDENCE
        rise = change.after - change.before
        if rise < self.least_change_ratio * change.before:
            return Verdict.OK
        return Verdict.CRITICAL if rise >= self.critical_change_ratio * change.before else Verdict.WARNING

    def _rings(self, stream: Streamed, log_evidence: float) -> bool:
        """By Markov's inequality of the detector's sum, over the answers of a year too."""
        yearly = stream.rows_a_year / self.false_alarms_a_year if self.false_alarms_a_year > 0 else math.inf
        return log_evidence >= math.log(max(self.rows_a_false_alarm, yearly))

    def _is_silent(self, stream: Streamed, now: datetime) -> bool:
        last = stream.last_at
        return not stream.n or last is None or (now - last).total_seconds() > self.silent_seconds

    def _report(self, stream: Streamed, verdict: Verdict, look: Look, more: str) -> Finding:
        usual = stream.usual.errors / max(1, stream.usual.rows)
        before, value, n = usual, stream.value or 0.0, stream.n
        change = stream.change if verdict.is_alarming else None
        if change is not None:
            before, value, n = change.before, change.after, change.n_after
        low, high = Rate(round(value * n), n).interval()
        return report(
            self,
            look,
            verdict,
            self._explain(stream, verdict, (value, before, n, low, high), look.at) + more,
            stream,
            signal="error_rate",
            value=value if n else None,
            reference=before,
            limit=before * (1 + self.least_change_ratio),
            n=n,
            interval=(low, high) if n else None,
            since=None if change is None else moment(change.since),
            detail={
                "source": stream.source,
                "basis": stream.basis,
                "proven_good": high <= before * (1 + self.critical_change_ratio),
                "log_evidence": round(stream.change.log_evidence, 3) if stream.change else None,
            },
        )

    def _explain(
        self,
        stream: Streamed,
        verdict: Verdict,
        told: tuple[float, float, int, float, float],
        now: datetime,
    ) -> str:
        value, usual, n, low, high = told
        after, before = amounts("ratio", value, usual)
        if self._is_silent(stream, now):
            silent = f" for {words(now - stream.last_at)}" if stream.last_at else ""
            return f"Nothing about what serves was pushed{silent}, n = {n:,}"
        if verdict.is_alarming and stream.change is not None:
            since = moment(stream.change.since).astimezone(UTC)
            return (
                f"{after} of the answers that were pushed have been wrong since {since:%H:%M:%S} on "
                f"{since:%d %B}, against {before} before and of {stream.basis}, n = {n:,} since then, "
                f"95 % {percent(low)}–{percent(high)}"
            )
        said = f"{after} of the answers that were pushed were wrong, n = {n:,} in {words(stream.window)}"
        if verdict is Verdict.NO_EVIDENCE:
            return f"{said}; {TOO_FEW}"
        return f"{said}; no moment is known since when more than the {before} of {stream.basis}"


def _rate(stream: Streamed) -> float:
    return stream.change.after if stream.change else stream.value or 0.0
