"""The rules of the pipeline, as the settings give them: what groups, hushes and routes alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import cached_property

from ops_core.alerts.alert import OURS, Reason
from ops_core.alerts.matcher import Matcher, all_match
from ops_core.severity import Severity

Labels = Mapping[str, str]


@dataclass(frozen=True)
class Inhibition:
    """While an alert of `source` fires, those of `target` with the same `equal` labels are hushed."""

    source: tuple[Matcher, ...]
    target: tuple[Matcher, ...]
    equal: tuple[str, ...]

    def hushes(self, source: Labels, target: Labels) -> bool:
        """Whether one alert, which meets `source`, hushes another."""
        same = all(source.get(name, "") == target.get(name, "") for name in self.equal)
        return same and all_match(self.target, target) and not all_match(self.source, target)


SERVER_DOWN = Inhibition(
    source=(Matcher("alertname", "=", "service.health"),),
    target=(Matcher("alertname", "=~", r"drift\..*"),),
    equal=("model",),
)
"""A model server that is down changes what is measured of its model, so the drift is no news."""


@dataclass(frozen=True)
class QuietHours:
    """Hours in which alerts of some severities wait; a `start` later than `end` spans midnight.

    `days` are 0 (Monday) to 6, of the day on which the hours begin.
    """

    start: time
    end: time
    days: frozenset[int] = frozenset(range(7))
    zone: tzinfo = UTC
    severities: frozenset[Severity] = frozenset({Severity.P2, Severity.P3})
    matchers: tuple[Matcher, ...] = ()

    def until(self, now: datetime) -> datetime | None:
        """When the hours that hold now end; None when none hold."""
        local = now.astimezone(self.zone)
        for back in (0, 1):
            day = local.date() - timedelta(days=back)
            begin = datetime.combine(day, self.start, self.zone)
            end = datetime.combine(day, self.end, self.zone)
            if self.end <= self.start:
                end = datetime.combine(day + timedelta(days=1), self.end, self.zone)
            if day.weekday() in self.days and begin.astimezone(UTC) <= now < end.astimezone(UTC):
                return end.astimezone(UTC)
        return None


@dataclass(frozen=True)
class Maintenance:
    """A stated time in which alerts that meet the matchers are expected; no severity is exempt."""

    starts_at: datetime
    ends_at: datetime
    why: str
    matchers: tuple[Matcher, ...] = ()


@dataclass(frozen=True)
class Route:
    """Where alerts that meet the matchers go: a room, people, policies of escalation.

    The first route that takes a group ends the search, unless it says `go_on`.
    """

    matchers: tuple[Matcher, ...] = ()
    room: str = ""
    people: tuple[str, ...] = ()
    policy: str = ""
    go_on: bool = False


@dataclass(frozen=True)
class Rules:
    """All of it, with the defaults of somebody who has set nothing.

    `group_by` are the labels that foreign alerts are grouped by; our own are grouped by model. `reports` are
    the sources that tell many tests at once: what one of them finds shares a card, whatever it is called.
    `known` are further labels of each model (owner, team, tags) that may be matched, though no source names
    them. More than `digest_above` new groups in a minute become one digest. What fires again within
    `settle_after` goes on on its earlier card. A group whose like fired `flaps` times before within
    `flaps_within` does so too, and its card stays open until it was quiet for `settle_after`.
    """

    group_by: tuple[str, ...] = ("alertname", "model", "service")
    inhibitions: tuple[Inhibition, ...] = (SERVER_DOWN,)
    quiet_hours: tuple[QuietHours, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()
    routes: tuple[Route, ...] = ()
    reports: frozenset[str] = frozenset()
    known: Mapping[str, Labels] = field(default_factory=dict)
    digest_above: int = 10
    flaps: int = 3
    flaps_within: timedelta = timedelta(hours=1)
    settle_after: timedelta = timedelta(minutes=10)

    def grouping(self, source: str, labels: Labels) -> dict[str, str]:
        """The labels that an alert's group has."""
        names = ("model",) if source == OURS and labels.get("model") else self.group_by
        is_report = source in self.reports
        found = {name: labels[name] for name in names if labels.get(name)}
        if is_report:
            found.pop("alertname", None)
        return found if is_report else found or {"alertname": labels.get("alertname", "")}

    def is_source(self, labels: Labels) -> bool:
        """Whether an alert with these labels can hush others."""
        return any(all_match(rule.source, labels) for rule in self.inhibitions)

    def may_hush(self, labels: Labels) -> bool:
        """Whether it is worth asking `is_source` about an alert with these labels of its own."""
        return self._hushing is None or labels.get("alertname") in self._hushing

    @cached_property
    def _hushing(self) -> frozenset[str] | None:
        """The names of alerts that can hush others, when all rules name them."""
        named = [
            [matcher.value for matcher in rule.source if (matcher.name, matcher.op) == ("alertname", "=")]
            for rule in self.inhibitions
        ]
        return frozenset(values[0] for values in named) if all(named) else None

    def quiet_at(self, now: datetime) -> list[tuple[QuietHours, datetime]]:
        """The quiet hours that hold, each with its end."""
        found = ((hours, hours.until(now)) for hours in self.quiet_hours)
        return [(hours, end) for hours, end in found if end is not None]

    def maintained_at(self, now: datetime) -> list[Maintenance]:
        """The maintenance that goes on."""
        return [one for one in self.maintenance if one.starts_at <= now < one.ends_at]


@dataclass(frozen=True)
class Hush:
    """Why an alert is not told, in words, and until when if that is known."""

    reason: Reason
    detail: str
    until: datetime | None = None
