"""What happens to rollbacks and aliases, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ops_core.events import Event


@dataclass(frozen=True, kw_only=True)
class RollbackEvent(Event):
    """A fact about one rollback, which belongs to its incident's timeline if there is one."""

    rollback: int
    in_incident: int | None
    model: str
    from_version: str
    to_version: str

    @property
    def subject(self) -> str:
        """The rollback."""
        return f"rollback:{self.rollback}"

    @property
    def incident_id(self) -> int | None:
        """Its incident."""
        return self.in_incident

    @property
    def road(self) -> str:
        """From where to where."""
        return f"{self.model} from version {self.from_version} to {self.to_version}"

    @property
    def detail(self) -> dict[str, Any]:
        """From where to where."""
        return {"model": self.model, "from": self.from_version, "to": self.to_version}


@dataclass(frozen=True, kw_only=True)
class RollbackProposed(RollbackEvent):
    """Somebody asked for it."""

    verb: ClassVar[str] = "rollback.propose"

    @property
    def said(self) -> str:
        """What is proposed."""
        return f"proposed to roll back {self.road}"


@dataclass(frozen=True, kw_only=True)
class RollbackApproved(RollbackEvent):
    """Somebody agreed, or nobody had to; it is being applied."""

    verb: ClassVar[str] = "rollback.approve"

    @property
    def said(self) -> str:
        """What was approved."""
        return f"approved the rollback of {self.road}"


@dataclass(frozen=True, kw_only=True)
class RollbackRejected(RollbackEvent):
    """Somebody said no."""

    verb: ClassVar[str] = "rollback.reject"

    @property
    def said(self) -> str:
        """What was rejected."""
        return f"rejected the rollback of {self.road}"


@dataclass(frozen=True, kw_only=True)
class RollbackApplied(RollbackEvent):
    """The registry names the other version."""

    verb: ClassVar[str] = "rollback.apply"

    @property
    def said(self) -> str:
        """What was done."""
        return f"rolled back {self.road}"


@dataclass(frozen=True, kw_only=True)
class RollbackVerified(RollbackEvent):
    """Registry, serving side and metric all say that it worked."""

    verb: ClassVar[str] = "rollback.verify"
    took: float

    @property
    def said(self) -> str:
        """That it is proven."""
        return f"verified the rollback of {self.road} in {self.took:.0f} s"


@dataclass(frozen=True, kw_only=True)
class RollbackUnverified(RollbackEvent):
    """It was applied, but the proof failed or did not come in time."""

    verb: ClassVar[str] = "rollback.unverified"
    why: str

    @property
    def said(self) -> str:
        """What is missing."""
        return f"could not verify the rollback of {self.road}: {self.why}"


@dataclass(frozen=True, kw_only=True)
class RollbackFailed(RollbackEvent):
    """It could not be applied."""

    verb: ClassVar[str] = "rollback.fail"
    why: str

    @property
    def said(self) -> str:
        """Why not."""
        return f"could not roll back {self.road}: {self.why}"


@dataclass(frozen=True, kw_only=True)
class UndoRequested(RollbackEvent):
    """Somebody wants the version from before."""

    verb: ClassVar[str] = "rollback.undo"


@dataclass(frozen=True, kw_only=True)
class UndoFailed(RollbackEvent):
    """The version from before could not be named again."""

    verb: ClassVar[str] = "rollback.undo_failed"
    why: str

    @property
    def said(self) -> str:
        """Why not."""
        return f"could not undo the rollback of {self.road}: {self.why}"


@dataclass(frozen=True, kw_only=True)
class RollbackUndone(RollbackEvent):
    """The version from before is named again."""

    verb: ClassVar[str] = "rollback.undone"

    @property
    def said(self) -> str:
        """What was undone."""
        return f"undid the rollback of {self.road}"


@dataclass(frozen=True, kw_only=True)
class AliasMoved(Event):
    """Somebody moved an alias outside of Tocsin, and it was seen."""

    verb: ClassVar[str] = "alias.observe"
    model: str
    alias: str
    from_version: str | None
    to_version: str

    @property
    def subject(self) -> str:
        """The model."""
        return f"model:{self.model}"

    @property
    def detail(self) -> dict[str, Any]:
        """From where to where."""
        return {"alias": self.alias, "from": self.from_version, "to": self.to_version}
