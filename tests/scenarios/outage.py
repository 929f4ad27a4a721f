"""Slack fails for a while in one of six ways, while alerts fire and end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from ops_core.alerts.heard import Heard
from ops_core.severity import Severity
from tests.wire import Json, Scene, until

KINDS: dict[str, Json] = {
    "429": {"retry_after": 1},
    "500": {},
    "ok_false": {},
    "hang": {"seconds": 30},
    "close": {},
    "late_500": {},
}
"""How every call of Slack fails, and what more the workspace is told about it."""
FOREVER = 1_000_000


@dataclass(frozen=True)
class Played:
    """What stood in #ml-alerts afterwards: how many cards of each alert, and what the last of each says."""

    cards: Counter[str]
    states: dict[str, str]
    calls: int

    @property
    def wrong(self) -> list[str]:
        """What is missing, there twice, or in a state that is not the truth."""
        odd = [f"{name}: {self.cards[name]} cards" for name in TRUTH if self.cards[name] != 1]
        return odd + [f"{name} is said to be {self.states[name]}" for name in TRUTH if _lies(self, name)]


TRUTH = {
    **{f"Before{number}": "resolved" for number in range(3)},
    **{f"During{number}": "firing" for number in range(3)},
    **{f"Short{number}": "resolved" for number in range(3)},
}
"""Alerts that fire before and end meanwhile, that fire meanwhile, and that do both meanwhile."""


def play(stage: Scene, kind: str, lasts: Callable[[Scene], None]) -> Played:
    """Let Slack fail for as long as `lasts` takes; returns when everything is said."""
    stage.tocsin.sender.courier.slack.client.timeout = 1
    _tell(stage, "Before", over=False)
    until(lambda: all(count_of(stage, name) for name in TRUTH if name.startswith("Before")), 20)
    until(lambda: not waiting(stage), 20)
    stage.control_delete("calls")
    stage.fault(kind, "*", times=FOREVER, **KINDS[kind])
    for noun, over in (("Before", True), ("During", False), ("Short", False), ("Short", True)):
        _tell(stage, noun, over=over)
    lasts(stage)
    stage.control_delete("fault")
    until(lambda: not waiting(stage), 60)
    cards = Counter({name: count_of(stage, name) for name in TRUTH})
    return Played(cards, {name: _state(stage, name) for name in TRUTH}, len(stage.seen("calls")))


def waiting(stage: Scene) -> int:
    """How much is still to be said, or to be decided."""
    marked = stage.tocsin.tools.alerts.groups.work_all()
    return marked + int(stage.tocsin.tools.letters.health()["waiting"])


def count_of(stage: Scene, name: str) -> int:
    """How many messages of #ml-alerts are about an alert."""
    return sum(name in each["text"] for each in stage.ana.messages("ml-alerts"))


def _state(stage: Scene, name: str) -> str:
    texts = [each["text"] for each in stage.ana.messages("ml-alerts") if name in each["text"]]
    return next((state for state in ("resolved", "firing") if texts and state in texts[-1]), "unknown")


def _lies(played: Played, name: str) -> bool:
    return played.cards[name] == 1 and played.states[name] != TRUTH[name]


def _tell(stage: Scene, noun: str, *, over: bool) -> None:
    """What an Alertmanager says, through the intake."""
    for name in TRUTH:
        if name.startswith(noun):
            labels = {"alertname": name, "severity": "P2"}
            ends_at = datetime.now(UTC) if over else None
            heard = Heard("alertmanager", labels, {"summary": name}, STARTED, ends_at, Severity.P2)
            stage.tocsin.tools.alerts.intake.take([heard])


STARTED = datetime.now(UTC)
