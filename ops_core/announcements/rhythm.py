"""What the bot says by the clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlmodel import Session

from ops_core.announcements.saying import ALERTS, Followers, post
from ops_core.events import Event
from ops_core.rhythm import events
from ops_core.store.outbox import Priority, Say


def _summary(event: events.SummaryDue, _session: Session) -> Iterable[Say]:
    yield replace(post(event.room, "daily_summary", **event.summary), priority=Priority.DIGEST)


def _review(event: events.ReviewDue, _session: Session) -> Iterable[Say]:
    yield post(event.room, "review", **event.review)


def _explained(event: events.FindingExplained, _session: Session) -> Iterable[Say]:
    finding = event.finding | {"chart_file": None}
    yield Say(
        event.room,
        template="finding_explained",
        thread_of=event.thread_of,
        context={"finding": finding, "by": event.by, "picture": event.chart},
    )


def _missed(event: events.RunsMissed, _session: Session) -> Iterable[Say]:
    runs = [{"name": name, "count": count} for name, count in event.runs]
    yield post(ALERTS, "missed_runs", down_since=event.down_since, up_at=event.at, runs=runs)


def _check_trouble(event: events.CheckTroubled, _session: Session) -> Iterable[Say]:
    yield post(ALERTS, "check_trouble", check=event.values)


FOLLOWERS: Mapping[type[Event], Followers] = {
    events.SummaryDue: _summary,
    events.ReviewDue: _review,
    events.FindingExplained: _explained,
    events.RunsMissed: _missed,
    events.CheckTroubled: _check_trouble,
}
