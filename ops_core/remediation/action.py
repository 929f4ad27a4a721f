"""An action is previewed, applied, verified and undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from ops_core.world import World


@dataclass(frozen=True)
class Proof:
    """One thing that was looked at after an action. `ok` is None while it cannot be told."""

    name: str
    ok: bool | None
    said: str

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"name": self.name, "ok": self.ok, "said": self.said}


@dataclass(frozen=True)
class Applied:
    """What an action did: from where to where. The same place twice means it had nothing to do."""

    before: str
    after: str


class Action(Protocol):
    """A change to the world. `apply` twice equals once; `undo` takes what `apply` returned."""

    def apply(self, world: World) -> Applied:
        """Make the change and re-read it. Raises `Unavailable` when it did not come about."""
        ...

    def verify(self, world: World, *, since: datetime, check: str | None) -> list[Proof]:
        """Look at every place where the change must show, now."""
        ...

    def undo(self, world: World, applied: Applied) -> Applied:
        """Return to what was before."""
        ...
