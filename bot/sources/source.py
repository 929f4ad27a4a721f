"""One configured source: how its sender proves itself, and what its JSON says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sources import reading
from bot.sources.hearing import Hearing
from bot.sources.proofs import Proof, Request
from ops_core.alerts.heard import Heard
from ops_core.severity import Severity

Parse = Callable[[Any, Hearing], list[Heard]]


@dataclass(frozen=True)
class Source:
    """What the settings say about one source, ready for its requests.

    `reports` is true of sources that tell all that is well too, each time: what does not fire is left out.
    `slow` is true where a request may wait for others or calculate, so that it must not hold up the rest.
    """

    name: str
    kind: str
    proof: Proof
    parse: Parse
    labels: Mapping[str, str] = field(default_factory=dict)
    severity: Severity | None = None
    severities: Mapping[str, Severity] = field(default_factory=dict)
    limit: int = 10_000
    reports: bool = False
    slow: bool = False

    def is_proven(self, request: Request, now: datetime) -> bool:
        """Whether the source itself sent it."""
        return self.proof.holds(request, now)

    def hear(self, body: bytes, now: datetime) -> list[Heard]:
        """What a body says. Raises `Invalid` with the place of what is wrong."""
        return self.understand(reading.document(body), now)

    def understand(self, document: Any, now: datetime) -> list[Heard]:
        """The same for JSON that was read already."""
        hearing = Hearing(self.name, now, self.labels, self.severity, self.severities, self.limit)
        return self.parse(document, hearing)


def worth_taking(heard: Sequence[Heard], firing: Collection[str]) -> list[Heard]:
    """What a report says that changes something: all that fires, and the end of what is known to fire."""
    return [each for each in heard if each.ends_at is None or each.fingerprint in firing]
