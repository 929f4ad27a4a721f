"""What the domain needs from outside, beyond the registry and the serving side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from ops_core.checks.cadence import Cadence
from ops_core.checks.finding import Finding
from ops_core.checks.progress import Tell, untold
from ops_core.checks.signal_check import Look
from ops_core.checks.watch import Watched
from ops_core.errors import NotFound
from ops_core.registry import Registry, Serving
from ops_core.signals.serving import ServerHealth
from ops_core.signals.signal import Gauge
from ops_core.signals.watch import SignalPlan, run_signal_checks
from ops_core.streams.streamed import STREAM


class Judge(Protocol):
    """Runs checks on a model's data as it lies there now."""

    def judge(
        self,
        watched: Watched,
        *,
        checks: Sequence[str] = (),
        version: str | None = None,
        since: datetime | None = None,
        cadence: Cadence | None = None,
        window: timedelta | None = None,
        tell: Tell = untold,
    ) -> list[Finding]:
        """Findings of the named checks (all that are configured, if none is named).

        `version` looks only at rows that it served, `since` only at rows served after that time, `cadence`
        only at the checks that have it. `window` is how far back, if not as far as the settings say; `tell`
        is called while a long run proceeds.
        """
        ...

    def cadence(self, watched: Watched, check: str) -> Cadence:
        """How often a check of the model is judged."""
        ...

    def usual_errors(self, watched: Watched) -> tuple[int, int] | None:
        """Wrong and labelled answers of the model's reference; None where it has no labels to tell."""
        ...


@dataclass(frozen=True)
class World:
    """The models under watch, and the means to look at them and to move them.

    `signals` says what is read outside, by model; a name in it that is no model is a system that is watched
    like one (a platform, a feature store, a budget), but has no versions. `streams` reads what was pushed of
    a model.
    """

    models: Mapping[str, Watched]
    registry: Registry
    serving: Serving
    judge: Judge
    signals: Mapping[str, SignalPlan] = field(default_factory=dict)
    streams: Callable[[str], tuple[Gauge, ...]] = lambda _model: ()

    @property
    def systems(self) -> tuple[str, ...]:
        """What is watched and is no model."""
        return tuple(name for name in self.signals if name not in self.models)

    def name(self, name: str | None) -> str:
        """The name of a model or a system; without one, that of the only model. Raises `NotFound`."""
        return name if name and name in self.systems else self.model(name).name

    def plan(self, name: str) -> SignalPlan:
        """What is read outside for a model or system; the server's health and the stream of a model too."""
        plan, watched = self.signals.get(name, SignalPlan()), self.models.get(name)
        if watched is None:
            return plan
        asked = (ServerHealth(self.serving, watched.serving_url),) if watched.serving_url else ()
        return SignalPlan((*asked, *plan.gauges, *self.streams(name)), plan.checks, plan.limits)

    def streamed(self, name: str, look: Look) -> list[Finding]:
        """What the stream of a model shows; nothing where nothing of it was pushed."""
        plan = self.signals.get(name, SignalPlan())
        found = run_signal_checks(SignalPlan(self.streams(name), plan.checks, plan.limits), look)
        return [each for each in found if each.check == STREAM]

    def model(self, name: str | None) -> Watched:
        """The model of that name; without a name the only one. Raises `NotFound` with those there are."""
        if not name and len(self.models) == 1:
            return next(iter(self.models.values()))
        if name and name in self.models:
            return self.models[name]
        known = ", ".join(sorted(self.models)) or "none: add one under `models` in the settings"
        said = f"No model is called “{name}”." if name else "Say which model."
        also = f" Other systems: {', '.join(self.systems)}." if self.systems else ""
        raise NotFound(said, hint=f"Models under watch: {known}.{also}")
