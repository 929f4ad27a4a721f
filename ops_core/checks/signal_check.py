"""The one shape of checks that read signals, and how they write a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from ops_core.checks.finding import JSON, Finding, Verdict
from ops_core.signals.signal import Signal

MOST_SUBJECTS_TOLD = 10
PLAIN = ("service", "infrastructure")
"""Families whose signals people know without the family's name: latency, CPU; but backup age."""


@dataclass(frozen=True)
class Look:
    """Who is looked at and when: a model, with the version that serves, or another system."""

    model: str
    at: datetime
    version: str | None = None


class SignalCheck(Protocol):
    """A frozen rule, pure given its signals: it never raises because of what they hold."""

    name: ClassVar[str]
    reads: ClassVar[str]

    def judge(self, signals: Sequence[Signal], look: Look) -> list[Finding]:
        """At least one finding; `signals` are those named `reads`, none when nothing reads them."""
        ...


def report(
    check: SignalCheck,
    look: Look,
    verdict: Verdict,
    explanation: str,
    of: Signal | None = None,
    **evidence: Any,
) -> Finding:
    """A finding about a signal's window; `evidence` is further fields of `Finding`."""
    family, _, plain = check.name.partition(".")
    usual: dict[str, Any] = {"signal": plain if family in PLAIN else f"{family}_{plain}"}
    if of is not None:
        usual |= {"unit": of.unit, "n": of.n, "value": of.value}
    return Finding(
        check=check.name,
        model=look.model,
        version=look.version,
        verdict=verdict,
        explanation=explanation,
        window_start=look.at if of is None else of.at - of.window,
        window_end=look.at,
        **{**usual, **evidence},
    )


def unread(check: SignalCheck, look: Look, signals: Sequence[Signal], label: str) -> Finding:
    """`no_data`: nothing reads what the check needs, or what reads it has failed."""
    if not signals:
        why = f"{label} cannot be told: nothing is configured that reads it, n = 0"
        return report(check, look, Verdict.NO_DATA, why)
    first = signals[0]
    more = f"; and {len(signals) - 1} more" if len(signals) > 1 else ""
    of = f" of {first.subject}" if first.subject else ""
    why = f"{label}{of} cannot be told: {first.error or 'no value'} ({first.source}){more}, n = 0"
    return report(check, look, Verdict.NO_DATA, why, unit=first.unit, detail=_unread(signals))


def split(signals: Sequence[Signal]) -> tuple[list[Signal], list[Signal]]:
    """Those that were read, and those that could not be."""
    read = [each for each in signals if not each.error and (each.value is not None or each.absent)]
    return read, [each for each in signals if each not in read]


def aside(failed: Sequence[Signal]) -> str:
    """What else could not be read, said at the end of an explanation."""
    if not failed:
        return ""
    of = f"{failed[0].subject}: " if failed[0].subject else ""
    return f"; {len(failed)} more could not be read ({of}{failed[0].error or 'no value'})"


def clouded(verdict: Verdict, failed: Sequence[Signal]) -> Verdict:
    """Part of what was to be read is not known: then all is not well, and no alarm is lost either."""
    return verdict if verdict.is_alarming or not failed else max(verdict, Verdict.NO_DATA, key=_rank)


def _rank(verdict: Verdict) -> int:
    return verdict.rank


def _unread(signals: Sequence[Signal]) -> Mapping[str, JSON]:
    told: list[JSON] = [
        {"subject": each.subject, "source": each.source, "error": each.error}
        for each in signals[:MOST_SUBJECTS_TOLD]
    ]
    return {"unread": told}
