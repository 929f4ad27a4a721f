"""What happens to alerts, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from ops_core.events import Event


@dataclass(frozen=True, kw_only=True)
class AlertEvent(Event):
    """A fact about one alert, which belongs to its incident's timeline if there is one."""

    alert: int
    in_incident: int | None = None

    @property
    def subject(self) -> str:
        """The alert."""
        return f"alert:{self.alert}"

    @property
    def incident_id(self) -> int | None:
        """The incident that was declared from the alert."""
        return self.in_incident


@dataclass(frozen=True, kw_only=True)
class AlertFired(AlertEvent):
    """A finding needs a person."""

    verb: ClassVar[str] = "alert.fire"
    title: str

    @property
    def detail(self) -> dict[str, Any]:
        """What it says."""
        return {"title": self.title}


@dataclass(frozen=True, kw_only=True)
class AlertChanged(AlertEvent):
    """Its findings changed in a way that people should see."""

    verb: ClassVar[str] = "alert.change"


@dataclass(frozen=True, kw_only=True)
class AlertAcknowledged(AlertEvent):
    """Somebody has seen it."""

    verb: ClassVar[str] = "alert.acknowledge"

    @property
    def said(self) -> str:
        """Which alert."""
        return f"acknowledged alert A-{self.alert}"


@dataclass(frozen=True, kw_only=True)
class AlertSilenced(AlertEvent):
    """Somebody asked not to be told for a while."""

    verb: ClassVar[str] = "alert.silence"
    until: datetime
    reason: str

    @property
    def said(self) -> str:
        """Which alert, until when."""
        return f"silenced alert A-{self.alert} until {self.until:%Y-%m-%d %H:%M} UTC"

    @property
    def detail(self) -> dict[str, Any]:
        """Until when, and why."""
        return {"until": self.until.isoformat(), "reason": self.reason}


@dataclass(frozen=True, kw_only=True)
class AlertResolved(AlertEvent):
    """What fired no longer does."""

    verb: ClassVar[str] = "alert.resolve"

    @property
    def said(self) -> str:
        """Which alert."""
        return f"alert A-{self.alert} stopped firing"
