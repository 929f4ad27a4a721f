"""The machine and the versions that the figures were measured with."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

import psutil

PACKAGES = ("slack-bolt", "slack-sdk", "sqlalchemy", "mlflow-skinny")


def described() -> dict[str, str]:
    """What belongs beside every figure."""
    memory = psutil.virtual_memory().total / 2**30
    return {
        "machine": f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def load() -> str:
    """How busy the machine is: runnable processes over the last minute, five and fifteen."""
    return " ".join(f"{one:.2f}" for one in os.getloadavg())
