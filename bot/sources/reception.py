"""What all sources' words pass on their way to the intake."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from bot.sources.pagerduty import PAGE
from bot.sources.source import Source, worth_taking
from ops_core.alerts.endings import Endings, firing_of
from ops_core.alerts.heard import Heard
from ops_core.alerts.intake import Intake
from ops_core.oncall.reach import Act
from ops_core.store.transaction import Store

Answered = Callable[[str, Act, str], bool]
"""Takes the key of a page, what was done about it, and who did it; False when it is none of ours."""
Counted = Callable[[Source, Sequence[Any]], "Future[Any]"]
"""Keeps what a source has counted; the future is done when it is on the disk."""


class Reception:
    """The sources of a process, and the one way in for what they say."""

    def __init__(
        self,
        by_name: Mapping[str, Source],
        store: Store,
        intake: Intake,
        endings: Endings,
        answered: Answered,
        counted: Counted,
    ) -> None:
        self.by_name = by_name
        self.store = store
        self.intake = intake
        self.endings = endings
        self.answered = answered
        """Hears of our own pages what was done about them at PagerDuty."""
        self.counted = counted
        """Takes what is no alert: the counts of streams."""

    def submit(self, source: Source, heard: Sequence[Heard]) -> Future[Any]:
        """Begin to take what a source said. Only slow sources are read for reports and ends ahead."""
        if source.kind == "stream":
            return self.counted(source, heard)
        if source.kind == "pagerduty":
            heard = self._without_answers(heard)
        if source.reports:
            with self.store.read() as session:
                known = {alert.fingerprint for alert in firing_of(session, source.name)}
            heard = [one._replace(anew=True) for one in worth_taking(heard, known)]
        elif source.slow:
            heard = self.endings.plan(heard)
        return self.intake.submit(heard)

    def _without_answers(self, heard: Sequence[Heard]) -> list[Heard]:
        """Tell what answers our own pages; the rest are alerts."""
        for each in heard:
            if PAGE in each.labels:
                self.answered(each.labels[PAGE], Act(each.labels["act"]), each.annotations.get("by", ""))
        return [each for each in heard if PAGE not in each.labels]
