"""All checks that read signals; the bot's own process knows them, so nothing heavy is imported here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ops_core.checks.ages import BackupAge, FeatureStaleness, FeatureStoreHealth, PipelineHealth
from ops_core.checks.building import build_of
from ops_core.checks.cost import Budget, Spike
from ops_core.checks.infrastructure import Cpu, Disk, Gpu, Memory
from ops_core.checks.service import Availability, ErrorRate, Health, LatencyP95, LatencyP99, Throughput
from ops_core.checks.signal_check import SignalCheck
from ops_core.checks.stream import StreamErrors
from ops_core.checks.watch import CheckSpec

SIGNAL_KINDS: tuple[type[Any], ...] = (
    Health,
    Availability,
    LatencyP95,
    LatencyP99,
    ErrorRate,
    Throughput,
    Cpu,
    Memory,
    Disk,
    Gpu,
    FeatureStoreHealth,
    FeatureStaleness,
    BackupAge,
    PipelineHealth,
    Budget,
    Spike,
    StreamErrors,
)
SIGNAL_CHECKS: Mapping[str, type[Any]] = {kind.name: kind for kind in SIGNAL_KINDS}


def build_read(
    specs: Iterable[CheckSpec], read: Iterable[str], limits: Iterable[CheckSpec] = ()
) -> tuple[SignalCheck, ...]:
    """The checks of the signals that are `read`, and those that the specs name, with their options.

    `limits` hold for those of them that have no such option of their own. Raises `Invalid` for an option that
    does not exist. Specs of other checks are passed over.
    """
    named = {spec.check: spec.options for spec in specs if spec.check in SIGNAL_CHECKS}
    common = {spec.check: spec.options for spec in limits}
    there = set(read)
    wanted = [kind.name for kind in SIGNAL_KINDS if kind.reads in there or kind.name in named]
    return tuple(
        build_of(SIGNAL_CHECKS, CheckSpec(name, {**common.get(name, {}), **named.get(name, {})}))
        for name in wanted
    )
