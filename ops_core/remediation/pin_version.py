"""Serving one version of a model: a rollback is this, with an earlier version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.signal_check import Look
from ops_core.checks.watch import Watched
from ops_core.errors import Conflict, OpsError, Unavailable
from ops_core.remediation.action import Applied, Proof
from ops_core.streams.streamed import STREAM
from ops_core.world import World


@dataclass(frozen=True)
class PinVersion:
    """Point a model's alias at one version; only from `expected`, if that is given."""

    model: str
    version: str
    expected: str | None = None

    def apply(self, world: World) -> Applied:
        """Move the alias and read it back. Raises `Unavailable` when the registry shows another version,
        `Conflict` when the alias has been moved away from the version that was expected."""
        watched = world.model(self.model)
        before = world.registry.live(self.model, watched.alias).version
        if self.expected is not None and before not in (self.version, self.expected):
            raise Conflict(
                f"{watched.alias} of {self.model} names version {before} now, not {self.expected}.",
                hint="Somebody else moved it; look at `/model status` and propose again.",
            )
        if before != self.version:
            world.registry.move_alias(self.model, watched.alias, self.version, expected=before)
        after = world.registry.live(self.model, watched.alias).version
        if after != self.version:
            raise Unavailable(
                f"The registry still names version {after} as {watched.alias} of {self.model}.",
                hint="Somebody else may be moving it; look at `/model status` and try again.",
            )
        return Applied(before, after)

    def verify(self, world: World, *, since: datetime, now: datetime, check: str | None) -> list[Proof]:
        """The registry's word, the serving side's word, and the failing metric on fresh traffic."""
        watched = world.model(self.model)
        proofs = [self._in_registry(world, watched)]
        if watched.serving_url:
            proofs.append(self._served(world, watched.serving_url))
        if check:
            proofs.append(self._measured(world, watched, since, now, check))
        return proofs

    def undo(self, world: World, applied: Applied) -> Applied:
        """Point the alias at the version from before."""
        return PinVersion(self.model, applied.before, expected=applied.after).apply(world)

    def _in_registry(self, world: World, watched: Watched) -> Proof:
        try:
            live = world.registry.live(self.model, watched.alias).version
        except OpsError as error:
            return Proof("registry", None, f"could not be read: {error.message}")
        return Proof("registry", live == self.version, f"{watched.alias} names version {live}")

    def _served(self, world: World, url: str) -> Proof:
        state = world.serving.probe(url)
        if not state.healthy:
            return Proof("serving", None, f"is not healthy: {state.error or 'no reason given'}")
        took = f"{state.latency.total_seconds() * 1000:.0f} ms"
        said = f"healthy, serves version {state.version}, answered in {took}"
        return Proof("serving", True if state.version == self.version else None, said)

    def _measured(self, world: World, watched: Watched, since: datetime, now: datetime, check: str) -> Proof:
        try:
            if check == STREAM:  # which holds nothing from before the move
                return _proof_of(check, world.streamed(self.model, Look(self.model, now, self.version)))
            findings = world.judge.judge(watched, checks=(check,), version=self.version, since=since)
        except OpsError as error:
            return Proof(check, None, f"could not be computed: {error.message}")
        return _proof_of(check, findings)


def _proof_of(check: str, findings: list[Finding]) -> Proof:
    if not findings:
        return Proof(check, None, "no finding yet on fresh traffic")
    worst = max(findings, key=lambda one: one.verdict.rank)
    if worst.verdict.is_alarming:
        return Proof(check, False, worst.explanation)
    # A few good rows are no proof: the whole interval has to lie on the good side.
    proven = worst.verdict is Verdict.OK and worst.detail.get("proven_good", True)
    return Proof(check, True if proven else None, worst.explanation)
