"""Checks of the machines: above 80 % a warning (seeds 002 and 004), above 90 % critical (seed 003)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ops_core.checks.levels import Level


@dataclass(frozen=True)
class Resource(Level):
    """A resource is not used up."""

    warning_limit: float | None = 0.80
    critical_limit: float | None = 0.90


@dataclass(frozen=True)
class Cpu(Resource):
    """Processors have time to spare."""

    name: ClassVar[str] = "infrastructure.cpu"
    reads: ClassVar[str] = "infrastructure.cpu"
    label: ClassVar[str] = "CPU in use"


@dataclass(frozen=True)
class Memory(Resource):
    """Memory is left."""

    name: ClassVar[str] = "infrastructure.memory"
    reads: ClassVar[str] = "infrastructure.memory"
    label: ClassVar[str] = "Memory in use"


@dataclass(frozen=True)
class Disk(Resource):
    """Disks have room."""

    name: ClassVar[str] = "infrastructure.disk"
    reads: ClassVar[str] = "infrastructure.disk"
    label: ClassVar[str] = "Disk in use"


@dataclass(frozen=True)
class Gpu(Resource):
    """Graphics processors have time to spare."""

    name: ClassVar[str] = "infrastructure.gpu"
    reads: ClassVar[str] = "infrastructure.gpu"
    label: ClassVar[str] = "GPU in use"
