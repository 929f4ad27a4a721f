"""Checks of a model's service: is it there, how fast, how often wrong, how full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ops_core.checks.levels import Level
from ops_core.checks.states import State
from ops_core.profiles.rates import Worse


@dataclass(frozen=True)
class Health(State):
    """The model server answers and says that it is well."""

    name: ClassVar[str] = "service.health"
    reads: ClassVar[str] = "service.health"
    label: ClassVar[str] = "The model server"


@dataclass(frozen=True)
class Availability(Level):
    """Requests are answered: 99.9 % is the target, below 99.5 % somebody is called (seed 001, SLOs)."""

    name: ClassVar[str] = "service.availability"
    reads: ClassVar[str] = "service.availability"
    label: ClassVar[str] = "Availability"
    worse: ClassVar[Worse] = "lower"
    warning_limit: float | None = 0.999
    critical_limit: float | None = 0.995


@dataclass(frozen=True)
class LatencyP95(Level):
    """19 of 20 answers come within 2 s; beyond 3 s somebody is called (seed 001, SLOs; seed 004)."""

    name: ClassVar[str] = "service.latency_p95"
    reads: ClassVar[str] = "service.latency_p95"
    label: ClassVar[str] = "Latency (p95)"
    unit: ClassVar[str] = "seconds"
    warning_limit: float | None = 2.0
    critical_limit: float | None = 3.0


@dataclass(frozen=True)
class LatencyP99(Level):
    """99 of 100 answers come within 5 s; beyond 7 s somebody is called (seed 001, SLOs)."""

    name: ClassVar[str] = "service.latency_p99"
    reads: ClassVar[str] = "service.latency_p99"
    label: ClassVar[str] = "Latency (p99)"
    unit: ClassVar[str] = "seconds"
    warning_limit: float | None = 5.0
    critical_limit: float | None = 7.0


@dataclass(frozen=True)
class ErrorRate(Level):
    """At most one request in a thousand fails; beyond 0.5 % somebody is called (seed 001, SLOs)."""

    name: ClassVar[str] = "service.error_rate"
    reads: ClassVar[str] = "service.error_rate"
    label: ClassVar[str] = "Error rate"
    warning_limit: float | None = 0.001
    critical_limit: float | None = 0.005


@dataclass(frozen=True)
class Throughput(Level):
    """The load stays below 80 % of what the service can carry (seed 001, SLOs)."""

    name: ClassVar[str] = "service.throughput"
    reads: ClassVar[str] = "service.throughput"
    label: ClassVar[str] = "Load, as a share of capacity,"
    warning_limit: float | None = 0.80
