"""What all sources' words pass on their way to the intake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from bot.sources.source import Source, worth_taking
from ops_core.alerts.endings import Endings, firing_of
from ops_core.alerts.heard import Heard
from ops_core.alerts.intake import Intake
from ops_core.store.transaction import Store


class Reception:
    """The sources of a process, and the one way in for what they say."""

    def __init__(self, by_name: Mapping[str, Source], store: Store, intake: Intake, endings: Endings) -> None:
        self.by_name = by_name
        self.store = store
        self.intake = intake
        self.endings = endings

    def submit(self, source: Source, heard: Sequence[Heard]) -> Future[Any]:
        """Begin to take what a source said. Only slow sources are read for reports and ends ahead."""
        if source.reports:
            with self.store.read() as session:
                known = {alert.fingerprint for alert in firing_of(session, source.name)}
            heard = worth_taking(heard, known)
        elif source.slow:
            heard = self.endings.plan(heard)
        return self.intake.submit(heard)
