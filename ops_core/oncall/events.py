"""What happens to those on call, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from ops_core.events import Event
from ops_core.oncall.reach import Act


@dataclass(frozen=True, kw_only=True)
class PageEvent(Event):
    """A fact about an escalation, which belongs to its incident's timeline if there is one."""

    escalation: int
    about: str
    """What it is about, such as `alert:5`."""
    in_incident: int | None = None

    @property
    def subject(self) -> str:
        """What it is about."""
        return self.about

    @property
    def incident_id(self) -> int | None:
        """The incident in whose timeline it belongs."""
        return self.in_incident


@dataclass(frozen=True, kw_only=True)
class PeoplePaged(PageEvent):
    """People were called. `pages` are the numbers of their pages, `people` the names.

    `late` is by how much it came too late, because Tocsin was not running; `note` what is odd about it.
    """

    verb: ClassVar[str] = "page.send"
    pages: tuple[int, ...]
    people: tuple[str, ...]
    step: int = 0
    why: str = ""
    late: timedelta | None = None
    note: str = ""

    @property
    def said(self) -> str:
        """Who, and why."""
        late = f", {_spelled(self.late)} late because Tocsin was not running" if self.late else ""
        note = f" ({self.note})" if self.note else ""
        why = f" ({self.why})" if self.why else ""
        return f"paged {', '.join(self.people)}{why}{late}{note}"

    @property
    def detail(self) -> dict[str, Any]:
        """Who, by which step."""
        late = self.late.total_seconds() if self.late else None
        return {"people": list(self.people), "step": self.step, "late_seconds": late, "note": self.note}


@dataclass(frozen=True, kw_only=True)
class NobodyPaged(PageEvent):
    """A step fell due and there was nobody to call; `why` says what is missing."""

    verb: ClassVar[str] = "page.nobody"
    why: str

    @property
    def said(self) -> str:
        """That nobody was called, and why."""
        return f"nobody could be paged: {self.why}"

    @property
    def detail(self) -> dict[str, Any]:
        """Why."""
        return {"why": self.why}


@dataclass(frozen=True, kw_only=True)
class PagesAnswered(PageEvent):
    """Somebody has it, or it is over; whoever was paged hears so. `heard` puts it into the timeline."""

    verb: ClassVar[str] = "page.answer"
    act: Act
    heard: str = ""

    @property
    def said(self) -> str:
        """How it was answered, if that is not said by another event."""
        return self.heard

    @property
    def detail(self) -> dict[str, Any]:
        """Acknowledged or over."""
        return {"act": self.act.value, "escalation": self.escalation}


@dataclass(frozen=True, kw_only=True)
class PagesResumed(PageEvent):
    """What had stopped is back so soon that whoever was called is not called anew."""

    verb: ClassVar[str] = "page.resume"
    people: tuple[str, ...]

    @property
    def said(self) -> str:
        """Who is not called again."""
        return (
            f"it comes and goes: {', '.join(self.people) or 'nobody'} had been paged and is not paged again"
        )

    @property
    def detail(self) -> dict[str, Any]:
        """Who."""
        return {"people": list(self.people), "escalation": self.escalation}


@dataclass(frozen=True, kw_only=True)
class PageFailed(PageEvent):
    """A way to reach somebody does not work."""

    verb: ClassVar[str] = "page.fail"
    person: str
    way: str
    why: str

    @property
    def said(self) -> str:
        """Who could not be reached, how, and why."""
        return f"could not reach {self.person} by {self.way}: {self.why}"

    @property
    def detail(self) -> dict[str, Any]:
        """Who could not be reached, how, and why."""
        return {"person": self.person, "way": self.way, "why": self.why}


@dataclass(frozen=True, kw_only=True)
class CoverChanged(Event):
    """Somebody takes over for a while, or does not after all."""

    verb: ClassVar[str] = "oncall.cover"
    schedule: str
    values: dict[str, Any]
    """What the message shows: who, and when."""

    @property
    def subject(self) -> str:
        """The schedule."""
        return f"schedule:{self.schedule}"

    @property
    def detail(self) -> dict[str, Any]:
        """Who, and when."""
        span = {name: self.values[name].isoformat() for name in ("starts_at", "ends_at")}
        return span | {name: self.values[name] for name in ("ref", "label", "lifted")}


@dataclass(frozen=True, kw_only=True)
class ShiftHandedOver(Event):
    """Somebody else is on call from now on; `values` is what the post shows."""

    verb: ClassVar[str] = "oncall.handover"
    schedule: str
    values: dict[str, Any]

    @property
    def subject(self) -> str:
        """The schedule."""
        return f"schedule:{self.schedule}"


@dataclass(frozen=True, kw_only=True)
class ScheduleTroubled(Event):
    """A schedule that another system keeps could not be fetched; the last known turns are used."""

    verb: ClassVar[str] = "oncall.trouble"
    schedule: str
    why: str

    @property
    def subject(self) -> str:
        """The schedule."""
        return f"schedule:{self.schedule}"

    @property
    def detail(self) -> dict[str, Any]:
        """Why."""
        return {"why": self.why}


def _spelled(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
