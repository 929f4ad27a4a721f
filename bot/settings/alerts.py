"""What groups, hushes and routes alerts."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Annotated, Self

from pydantic import AwareDatetime, BeforeValidator, Field, model_validator

from bot.settings.values import LongSpan, Part, SeverityName, Span, TimezoneName
from ops_core.alerts import matcher
from ops_core.alerts.matcher import Matcher
from ops_core.errors import Invalid
from ops_core.severity import Severity

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _matcher(value: object) -> Matcher:
    try:
        return matcher.parse(str(value))
    except Invalid as error:
        raise ValueError(f"{error.message} {error.hint}".rstrip(".")) from None


def _clock(value: object) -> time:
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        raise ValueError('write a time as "22:00", in quotes') from None


def _weekday(value: object) -> str:
    day = str(value).lower()[:3]
    if day not in WEEKDAYS:
        raise ValueError(f"a day is one of {', '.join(WEEKDAYS)}")
    return day


MatcherText = Annotated[Matcher, BeforeValidator(_matcher, json_schema_input_type=str)]
ClockTime = Annotated[time, BeforeValidator(_clock, json_schema_input_type=str)]
PolicyName = Annotated[str, BeforeValidator(lambda name: str(name).strip().lower())]
Weekday = Annotated[str, BeforeValidator(_weekday)]


class InhibitSettings(Part):
    """While one alert fires, others are not told."""

    source: list[MatcherText] = Field(min_length=1, description="matchers of the alert that hushes")
    target: list[MatcherText] = Field(min_length=1, description="matchers of those that it hushes")
    equal: list[str] = Field(default_factory=list, description="labels that both must share")


class QuietHoursSettings(Part):
    """Hours in which what is not urgent waits; a start later than the end spans midnight."""

    start: ClockTime = Field(description='"22:00"; what fires later waits')
    end: ClockTime = Field(description='"07:00"; what still fires is told')
    days: list[Weekday] = Field(default_factory=lambda: list(WEEKDAYS), description="on which they begin")
    timezone: TimezoneName = Field("UTC", description="in which they are read")
    severities: list[SeverityName] = Field(
        default_factory=lambda: [Severity.P2, Severity.P3], description="those that can wait"
    )
    matchers: list[MatcherText] = Field(default_factory=list, description="which alerts; all, if none")

    @model_validator(mode="after")
    def _some_hours(self) -> Self:
        if self.start == self.end:
            raise ValueError(
                f"quiet hours from {self.start:%H:%M} to {self.end:%H:%M} never begin or never end"
            )
        return self


class MaintenanceSettings(Part):
    """A planned time in which alerts are expected."""

    starts_at: AwareDatetime = Field(description="with its zone: 2026-12-01T22:00:00+01:00")
    ends_at: AwareDatetime = Field(description="the same; what still fires then is told")
    why: str = Field(description="told to whoever asks why nothing rang")
    matchers: list[MatcherText] = Field(default_factory=list, description="which alerts; all, if none")

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError(f"maintenance ends at {self.ends_at.isoformat()}, which is not after its start")
        return self


class RouteSettings(Part):
    """Where alerts that meet all matchers go; the first route that takes one ends the search."""

    matchers: list[MatcherText] = Field(
        default_factory=list, description="on labels, and on owner, team, tags, source and severity"
    )
    room: str = Field("", description="channel of their cards; channels.alerts, if none")
    people: list[str] = Field(default_factory=list, description="named on their cards")
    policy: PolicyName = Field(
        "", description="escalation policy that they start, and that starts by routes alone"
    )
    go_on: bool = Field(False, description="look at the routes below too")


class FlappingSettings(Part):
    """What goes off and on again stays on one card."""

    times: int = Field(3, ge=1, description="returns after which the earlier card is kept")
    within: LongSpan = Field(timedelta(hours=1), description="the time in which they are counted")
    settle: Span = Field(
        timedelta(minutes=10),
        description="how long it then stays open; what returns earlier keeps its card too",
    )


class AlertSettings(Part):
    """The pipeline between what fires and what is said."""

    group_by: list[str] = Field(
        default_factory=lambda: ["alertname", "model", "service"],
        min_length=1,
        description="labels that share a card; our own alerts share one a model, a report's one a report",
    )
    digest_above: int = Field(10, ge=1, description="new cards a minute; more become one digest")
    flapping: FlappingSettings = FlappingSettings()
    inhibit: list[InhibitSettings] = Field(
        default_factory=list, description="beside the built-in: a server that is down hushes its drift"
    )
    quiet_hours: list[QuietHoursSettings] = Field(
        default_factory=list, description="when what can wait, waits"
    )
    maintenance: list[MaintenanceSettings] = Field(
        default_factory=list, description="when alerts are expected"
    )
    routes: list[RouteSettings] = Field(default_factory=list, description="where alerts go")
