"""As many new alerts as a receiver takes: by wrk, a C program, which leaves the cores to the receiver."""

from __future__ import annotations

import json
import shutil
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).parent / "storms.lua"
CONNECTIONS = 32
SECONDS = 10
WARM_SECONDS = 3
"""How long the same load lasts before it is measured: what a receiver does once, at its first alerts."""


@dataclass(frozen=True)
class Loaded:
    """What was taken: alerts and requests a second, milliseconds a request, and requests that failed."""

    alerts: float
    requests: float
    p50: float
    p99: float
    failed: int
    total: int


def load(url: str, shape: str, together: int, seconds: int = SECONDS) -> Loaded:
    """Send new alerts for some seconds, `together` in each request; `shape` is `webhook` or `api`."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise FileNotFoundError("`make bench ONLY=alerts` needs wrk to load the receivers: apt install wrk")

    def run(lasting: int) -> str:
        command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{lasting}s", "-s", str(SCRIPT), url, "--"]
        arguments = [shape, str(together), uuid.uuid4().hex[:8]]
        return subprocess.run([*command, *arguments], capture_output=True, text=True, check=True).stdout

    run(WARM_SECONDS)
    told = run(seconds)
    found = json.loads(told.partition("RESULT ")[2].splitlines()[0])
    a_second = (found["requests"] - found["refused"]) / found["seconds"]
    failed = found["refused"] + found["lost"]
    return Loaded(
        a_second * together, a_second, found["p50"], found["p99"], failed, found["requests"] * together
    )
