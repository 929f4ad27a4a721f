"""The model server's health as a finding, so that a server that is down rings like a metric that is."""

from __future__ import annotations

from datetime import datetime

from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.watch import Watched
from ops_core.registry import Serving

CHECK = "service.health"


def judge(serving: Serving, watched: Watched, version: str, now: datetime) -> list[Finding]:
    """`critical` for a server that does not answer or is not well (seed 004, "Model server down").

    Nothing when no address is configured. n counts the probes: one.
    """
    if not watched.serving_url:
        return []
    state = serving.probe(watched.serving_url)
    said = f"The model server is not healthy: {state.error or 'no reason given'}, n = 1 probe"
    if state.healthy:
        said = f"The model server is healthy and serves version {state.version}, n = 1 probe"
    return [
        Finding(
            check=CHECK,
            model=watched.name,
            version=version,
            verdict=Verdict.OK if state.healthy else Verdict.CRITICAL,
            signal="health",
            explanation=said,
            window_start=now,
            window_end=now,
            unit="probes",
            n=1,
        )
    ]
