"""What is read outside for a model or another system, and what is made of it."""

from __future__ import annotations

from dataclasses import dataclass

from ops_core.checks.finding import Finding
from ops_core.checks.signal_catalogue import build_read
from ops_core.checks.signal_check import Look
from ops_core.checks.watch import CheckSpec
from ops_core.signals.gather import gather
from ops_core.signals.signal import Gauge


@dataclass(frozen=True)
class SignalPlan:
    """The gauges of one model or system, the checks that it names, and limits for those that are read."""

    gauges: tuple[Gauge, ...] = ()
    checks: tuple[CheckSpec, ...] = ()
    limits: tuple[CheckSpec, ...] = ()


def run_signal_checks(plan: SignalPlan, look: Look) -> list[Finding]:
    """The findings of every check whose signal is read, or that the plan names; in bounded time."""
    signals = gather(plan.gauges, look.at)
    checks = build_read(plan.checks, signals, plan.limits)
    return [finding for check in checks for finding in check.judge(signals.get(check.reads, ()), look)]
