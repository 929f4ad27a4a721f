"""What the domain needs from outside, beyond the registry and the serving side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ops_core.checks.finding import Finding
from ops_core.checks.watch import Watched
from ops_core.errors import NotFound
from ops_core.registry import Registry, Serving


class Judge(Protocol):
    """Runs checks on a model's data as it lies there now."""

    def judge(
        self,
        watched: Watched,
        *,
        checks: Sequence[str] = (),
        version: str | None = None,
        since: datetime | None = None,
    ) -> list[Finding]:
        """Findings of the named checks (all that are configured, if none is named).

        `version` looks only at rows that it served, `since` only at rows served after that time.
        """
        ...


@dataclass(frozen=True)
class World:
    """The models under watch, and the means to look at them and to move them."""

    models: Mapping[str, Watched]
    registry: Registry
    serving: Serving
    judge: Judge

    def model(self, name: str | None) -> Watched:
        """The model of that name; without a name the only one. Raises `NotFound` with those there are."""
        if not name and len(self.models) == 1:
            return next(iter(self.models.values()))
        if name and name in self.models:
            return self.models[name]
        known = ", ".join(sorted(self.models)) or "none: add one under `models` in the settings"
        said = f"No model is called “{name}”." if name else "Say which model."
        raise NotFound(said, hint=f"Models under watch: {known}.")
