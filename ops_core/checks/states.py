"""The shape of checks of things that are well or not: a plain state needs no sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.signal_check import Look, aside, clouded, report, split, unread
from ops_core.signals.signal import Signal


@dataclass(frozen=True)
class State:
    """What is asked says that it is well; anything else, and no answer, is critical."""

    name: ClassVar[str]
    reads: ClassVar[str]
    label: ClassVar[str]
    unit: ClassVar[str] = "state"

    def judge(self, signals: Sequence[Signal], look: Look) -> list[Finding]:
        """One finding about the worst of those that were asked; `no_data` when nobody asks."""
        read, failed = split(signals)
        if not read:
            return [unread(self, look, signals, self.label)]
        bad = [each for each in read if not each.value]
        first = (bad or read)[0]
        of = f" {first.subject}" if first.subject else ""
        more = f"; and {len(bad) - 1} more" if len(bad) > 1 else ""
        probes = f"n = {len(read)} probe{'s' if len(read) > 1 else ''}"
        verdict = clouded(Verdict.CRITICAL if bad else Verdict.OK, failed)
        text = f"{self.label}{of} {first.said}{more}, {probes}{aside(failed)}"
        return [
            report(
                self, look, verdict, text, first, value=None, unit="probes", n=len(read), detail=_told(first)
            )
        ]


def _told(signal: Signal) -> dict[str, str]:
    return {"source": signal.source}
