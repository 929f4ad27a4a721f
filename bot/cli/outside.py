"""What `tocsin check` reads outside: the signals of a model or a system."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.adapters.serving import HttpServing
from bot.settings import Settings
from bot.wiring.signals import signal_plans
from ops_core.checks.finding import Finding
from ops_core.checks.signal_check import Look
from ops_core.signals.serving import ServerHealth
from ops_core.signals.watch import run_signal_checks


def signal_findings(
    settings: Settings, folder: Path, name: str, now: datetime, only: Collection[str]
) -> list[Finding]:
    """The findings of its checks of signals, or of those that are named; nothing is asked when none is."""
    plan = signal_plans(settings, folder)[name]
    model = settings.models.get(name)
    if model is not None and model.serving_url:
        plan = replace(plan, gauges=(ServerHealth(HttpServing(), model.serving_url), *plan.gauges))
    if only:
        plan = replace(plan, gauges=tuple(gauge for gauge in plan.gauges if _reads(gauge.signal, only)))
    if not plan.gauges and not plan.checks:
        return []
    found = run_signal_checks(plan, Look(name, now))
    return [one for one in found if not only or one.check in only]


def _reads(signal: str, only: Collection[str]) -> bool:
    """Whether a signal may be what one of these checks reads: both are of one family."""
    return any(check.partition(".")[0] == signal.partition(".")[0] for check in only)
