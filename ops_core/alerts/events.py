"""What happens to alerts, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from ops_core.events import Event
from ops_core.severity import Severity


@dataclass(frozen=True, kw_only=True)
class GroupEvent(Event):
    """A fact about one alert group, which belongs to its incident's timeline if there is one."""

    group: int
    in_incident: int | None = None

    @property
    def subject(self) -> str:
        """The group, by the name that people give it."""
        return f"alert:{self.group}"

    @property
    def incident_id(self) -> int | None:
        """The incident that was declared from the group."""
        return self.in_incident


@dataclass(frozen=True, kw_only=True)
class GroupFired(GroupEvent):
    """A group needs a person; `policies` are those of its routes, `model` its model if it has one."""

    verb: ClassVar[str] = "alert.fire"
    title: str
    severity: Severity
    model: str | None = None
    policies: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """That what an incident is about is back."""
        return f"alert A-{self.group} fires: {self.title}"

    @property
    def detail(self) -> dict[str, Any]:
        """What it says, and how bad it is."""
        return {"title": self.title, "severity": self.severity.value}


@dataclass(frozen=True, kw_only=True)
class GroupChanged(GroupEvent):
    """Its alerts changed in a way that people should see.

    `hushed` is why nothing of it is told any more; `rose` whether it is worse than before, `fell` whether
    what is left is less severe, `returned` whether it was over and fires again.
    """

    verb: ClassVar[str] = "alert.change"
    audited: ClassVar[bool] = False
    hushed: str = ""
    rose: bool = False
    fell: bool = False
    returned: bool = False


@dataclass(frozen=True, kw_only=True)
class GroupRose(GroupEvent):
    """It needs a person anew: it got worse, or something else fires, since `seen_by` took it."""

    verb: ClassVar[str] = "alert.rise"
    severity: Severity
    why: str
    seen_by: str | None = None

    @property
    def said(self) -> str:
        """What is new, and what no longer holds because of it."""
        return f"alert A-{self.group} needs somebody anew: {self.why}"

    @property
    def detail(self) -> dict[str, Any]:
        """What is new, how bad it is now, and who had it."""
        return {"severity": self.severity.value, "why": self.why, "seen_by": self.seen_by}


@dataclass(frozen=True, kw_only=True)
class ResponseAwaited(GroupEvent):
    """Nobody has acknowledged it, and soon it will be too late, or is when `overdue`.

    `others` are the alerts of the same storm of which the same is true.
    """

    verb: ClassVar[str] = "alert.await"
    due_at: datetime
    overdue: bool
    who: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def detail(self) -> dict[str, Any]:
        """Until when, and what else."""
        return {"due_at": self.due_at.isoformat(), "overdue": self.overdue, "others": list(self.others)}


@dataclass(frozen=True, kw_only=True)
class GroupAcknowledged(GroupEvent):
    """Somebody has seen it."""

    verb: ClassVar[str] = "alert.acknowledge"

    @property
    def said(self) -> str:
        """Which alert."""
        return f"acknowledged alert A-{self.group}"


@dataclass(frozen=True, kw_only=True)
class GroupSilenced(GroupEvent):
    """Somebody asked not to be told of a group for a while; `silence` is the number of the silence."""

    verb: ClassVar[str] = "alert.silence"
    silence: int
    until: datetime
    reason: str

    @property
    def said(self) -> str:
        """Which alert, until when."""
        return f"silenced alert A-{self.group} until {self.until:%Y-%m-%d %H:%M} UTC"

    @property
    def detail(self) -> dict[str, Any]:
        """Until when, and why."""
        return {"until": self.until.isoformat(), "reason": self.reason, "silence": f"S-{self.silence}"}


@dataclass(frozen=True, kw_only=True)
class GroupResolved(GroupEvent):
    """What fired no longer does."""

    verb: ClassVar[str] = "alert.resolve"

    @property
    def said(self) -> str:
        """Which alert."""
        return f"alert A-{self.group} stopped firing"


@dataclass(frozen=True, kw_only=True)
class SilenceMade(Event):
    """Somebody asked not to be told of alerts with certain labels."""

    verb: ClassVar[str] = "silence.make"
    silence: int
    scope: str
    until: datetime
    reason: str

    @property
    def subject(self) -> str:
        """The silence."""
        return f"silence:{self.silence}"

    @property
    def detail(self) -> dict[str, Any]:
        """What it is about, until when, and why."""
        return {"scope": self.scope, "until": self.until.isoformat(), "reason": self.reason}


@dataclass(frozen=True, kw_only=True)
class SilenceLifted(Event):
    """A silence ended before its time."""

    verb: ClassVar[str] = "silence.lift"
    silence: int
    scope: str

    @property
    def subject(self) -> str:
        """The silence."""
        return f"silence:{self.silence}"

    @property
    def detail(self) -> dict[str, Any]:
        """What it was about."""
        return {"scope": self.scope}
