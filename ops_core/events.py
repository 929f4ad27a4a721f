"""What has happened: facts that use cases record in the transaction that makes them true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact: who did it and when. `by` is a Slack user id, or "tocsin" for the bot itself."""

    verb: ClassVar[str] = ""
    """The id of what happened, `<noun>.<verb>`, as the audit log keeps it."""
    audited: ClassVar[bool] = True
    """Whether the audit log keeps it; what a monitor may repeat many times a second is left out."""

    by: str
    at: datetime

    @property
    def subject(self) -> str:
        """What it happened to, as `<noun>:<id>`."""
        raise NotImplementedError

    @property
    def incident_id(self) -> int | None:
        """The incident in whose timeline it belongs, if any."""
        return None

    @property
    def said(self) -> str:
        """One plain sentence for the timeline; empty keeps it out."""
        return ""

    @property
    def detail(self) -> dict[str, Any]:
        """Plain values that the audit log keeps."""
        return {}


@dataclass(frozen=True, kw_only=True)
class IncidentEvent(Event):
    """A fact about one incident."""

    incident: int

    @property
    def subject(self) -> str:
        """The incident."""
        return f"incident:{self.incident}"

    @property
    def incident_id(self) -> int | None:
        """The incident, whose timeline records it."""
        return self.incident
