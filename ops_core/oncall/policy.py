"""Policies: whom to page when, and until what has happened (the escalation matrix of seed 004)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from ops_core.severity import Severity

ON_CALL = "on_call"
"""The target that stands for whoever is on call for the model at that moment."""


class Until(StrEnum):
    """What makes a step, or a repetition of it, needless."""

    ACKNOWLEDGED = "acknowledged"
    CONTAINED = "contained"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class PolicyStep:
    """`page` these targets (people, schedules or `on_call`) `after` a span, unless it is over by then.

    `at_once_at`: what has one of these severities does not wait for the span. `again`: repeat it this often,
    `times` times, for as long as it is not over.
    """

    page: tuple[str, ...]
    after: timedelta = timedelta()
    until: Until = Until.RESOLVED
    at_once_at: frozenset[Severity] = frozenset()
    again: timedelta | None = None
    times: int = 0

    def delay(self, severity: Severity, *, by_hand: bool) -> timedelta:
        """How long after the start it is due; a page by hand goes step by step."""
        return timedelta() if severity in self.at_once_at and not by_hand else self.after


@dataclass(frozen=True)
class Policy:
    """Ordered steps, for these severities and, if any are named, these types of incident only.

    One that is `by_route` begins for what its routes take, and for nothing else.
    """

    name: str
    steps: tuple[PolicyStep, ...]
    at: frozenset[Severity] = frozenset(Severity)
    types: frozenset[str] = frozenset()
    by_route: bool = False

    def serves(self, severity: Severity, type_: str | None) -> bool:
        """Whether it is for a matter of this severity and type; an alert has no type."""
        return severity in self.at and (not self.types or type_ in self.types)


HIGH, MINUTE = frozenset({Severity.P0, Severity.P1}), timedelta(minutes=1)
RUNBOOK = (
    Policy(
        "default",
        (
            PolicyStep((ON_CALL,), until=Until.ACKNOWLEDGED, again=10 * MINUTE, times=2),
            PolicyStep(("lead",), 30 * MINUTE, Until.RESOLVED, HIGH),
            PolicyStep(("manager",), 60 * MINUTE, Until.RESOLVED, frozenset({Severity.P0})),
            PolicyStep(("vp",), 120 * MINUTE, Until.CONTAINED),
        ),
        HIGH,
    ),
    Policy("compliance", (PolicyStep(("compliance",)),), types=frozenset({"data_leak", "compliance"})),
)
"""Seed 004, "Escalation Path": on call at once; the team lead after 30 minutes, or at once when it is at
least high; the manager after an hour, or at once when it is critical; the VP after two hours while the impact
goes on; the compliance officer at once when data may have leaked or a regulation is broken."""


def unmanned(policies: tuple[Policy, ...], targets: frozenset[str]) -> list[str]:
    """The steps that page nobody who exists, in words."""
    return [
        f"nobody is “{' or '.join(step.page)}”, whom the policy {policy.name} pages {_when(step.after)}"
        for policy in policies
        for step in policy.steps
        if not set(step.page) & targets
    ]


def unattended(policies: tuple[Policy, ...]) -> list[str]:
    """The grave severities at which no policy begins unless a route or a type of incident asks for it."""
    always = [one for one in policies if not one.by_route and not one.types]
    left = [one for one in sorted(HIGH) if not any(one in policy.at for policy in always)]
    return [f"no policy begins by itself at {' and '.join(left)}"] if left else []


def _when(after: timedelta) -> str:
    return f"after {int(after.total_seconds() // 60)} min" if after else "at once"


def known_only(policies: tuple[Policy, ...], targets: frozenset[str]) -> tuple[Policy, ...]:
    """The policies without steps that page nobody who exists; those that have no step left are left out."""
    kept = []
    for policy in policies:
        steps = tuple(step for step in policy.steps if set(step.page) & targets)
        if steps:
            kept.append(replace(policy, steps=steps))
    return tuple(kept)
