"""What happens to incidents, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from ops_core.events import IncidentEvent


@dataclass(frozen=True, kw_only=True)
class IncidentDeclared(IncidentEvent):
    """Somebody said that this needs a coordinated response."""

    verb: ClassVar[str] = "incident.declare"
    title: str
    severity: str
    people: tuple[str, ...]
    alert: int | None = None

    @property
    def said(self) -> str:
        """The declaration."""
        source = f" from alert A-{self.alert}" if self.alert else ""
        return f"declared the incident at {self.severity}{source}: {self.title}"

    @property
    def detail(self) -> dict[str, Any]:
        """What was declared."""
        return {"title": self.title, "severity": self.severity, "alert": self.alert}


@dataclass(frozen=True, kw_only=True)
class CommandTaken(IncidentEvent):
    """Somebody decides from now on."""

    verb: ClassVar[str] = "incident.take_command"
    previous: str | None

    @property
    def said(self) -> str:
        """The new commander."""
        return "took command"


@dataclass(frozen=True, kw_only=True)
class SeverityChanged(IncidentEvent):
    """It is better or worse than it was thought to be."""

    verb: ClassVar[str] = "incident.set_severity"
    before: str
    after: str

    @property
    def said(self) -> str:
        """From what to what."""
        return f"changed the severity from {self.before} to {self.after}"

    @property
    def detail(self) -> dict[str, Any]:
        """From what to what."""
        return {"before": self.before, "after": self.after}


@dataclass(frozen=True, kw_only=True)
class UpdateGiven(IncidentEvent):
    """Somebody told everybody where it stands."""

    verb: ClassVar[str] = "incident.update"
    text: str

    @property
    def said(self) -> str:
        """Their words."""
        return f"update: {self.text}"


@dataclass(frozen=True, kw_only=True)
class StepStarted(IncidentEvent):
    """A diagnostic began to run."""

    verb: ClassVar[str] = "step.run"
    step: int
    title: str

    @property
    def detail(self) -> dict[str, Any]:
        """Which step."""
        return {"step": self.step, "title": self.title}


@dataclass(frozen=True, kw_only=True)
class StepFinished(IncidentEvent):
    """A step is done, or its diagnostic could not run. `report` is what the diagnostic found."""

    verb: ClassVar[str] = "step.finish"
    step: int
    title: str
    ok: bool
    evidence: str
    report: dict[str, Any] | None = None

    @property
    def said(self) -> str:
        """The step and its evidence."""
        head = f"step “{self.title}” {'done' if self.ok else 'failed'}"
        return f"{head}: {self.evidence}" if self.evidence else head

    @property
    def detail(self) -> dict[str, Any]:
        """Which step, and how it ended."""
        return {"step": self.step, "title": self.title, "ok": self.ok}


@dataclass(frozen=True, kw_only=True)
class IncidentContained(IncidentEvent):
    """The damage has stopped."""

    verb: ClassVar[str] = "incident.contain"
    how: str

    @property
    def said(self) -> str:
        """What stopped it."""
        return f"contained: {self.how}"


@dataclass(frozen=True, kw_only=True)
class IncidentResolved(IncidentEvent):
    """It is over."""

    verb: ClassVar[str] = "incident.resolve"
    root_cause: str
    resolution: str

    @property
    def said(self) -> str:
        """What fixed it."""
        return f"resolved: {self.resolution}" if self.resolution else "resolved"


@dataclass(frozen=True, kw_only=True)
class PostmortemWritten(IncidentEvent):
    """The account of it was written and put into the channel."""

    verb: ClassVar[str] = "incident.postmortem"

    @property
    def said(self) -> str:
        """That it was written."""
        return "wrote the post-mortem"


@dataclass(frozen=True, kw_only=True)
class IncidentClosed(IncidentEvent):
    """Nothing is left to do here."""

    verb: ClassVar[str] = "incident.close"

    @property
    def said(self) -> str:
        """That it was closed."""
        return "closed the incident"


@dataclass(frozen=True, kw_only=True)
class DeadlinePassed(IncidentEvent):
    """Something was due and has not happened."""

    verb: ClassVar[str] = "incident.remind"
    label: str
    due_at: datetime
    kind: str
    who: tuple[str, ...]

    @property
    def said(self) -> str:
        """What was due."""
        return f"deadline passed: {self.label}"


@dataclass(frozen=True, kw_only=True)
class DeadlineNear(IncidentEvent):
    """Nobody has responded, and soon it will be too late."""

    verb: ClassVar[str] = "incident.warn"
    due_at: datetime
    who: tuple[str, ...]

    @property
    def said(self) -> str:
        """Until when somebody has to respond."""
        return f"nobody has responded yet; somebody has to by {self.due_at:%H:%M} UTC"


@dataclass(frozen=True, kw_only=True)
class RoomFailed(IncidentEvent):
    """Slack refused to make the channel, or something in it."""

    verb: ClassVar[str] = "incident.room_failed"
    what: str
    why: str

    @property
    def said(self) -> str:
        """What failed, and why."""
        return f"could not {self.what}: {self.why}"
