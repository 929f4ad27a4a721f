"""What reaching people needs from outside: one sender for each way that is not Slack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ops_core.oncall.person import Person
from ops_core.severity import Severity


class Act(StrEnum):
    """What a notice tells: it begins, somebody has it, it is over."""

    TRIGGER = "trigger"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


@dataclass(frozen=True)
class Notice:
    """One thing to tell one person. `key` is the same for all notices of one escalation to one person.

    `number` is that of this very notice: a receiver may see it twice, and can tell by it. `at` is when what
    it tells happened.
    """

    key: str
    number: str
    act: Act
    person: Person
    severity: Severity
    ref: str
    title: str
    text: str
    at: datetime
    model: str | None = None


class Reach(Protocol):
    """Carries notices by one way, at least once."""

    def send(self, notice: Notice) -> None:
        """Hand it over. Raises `Unavailable` when trying again may help, another `OpsError` when not."""
        ...


def key_of(escalation: int, person: str) -> str:
    """The key under which other systems keep an escalation to one person."""
    return f"tocsin-{escalation}-{person}"


def escalation_of(key: str) -> int | None:
    """The escalation that such a key names; None for a key of somebody else's."""
    head, _, rest = key.partition("-")
    number = rest.partition("-")[0]
    return int(number) if head == "tocsin" and number.isdecimal() and len(number) <= 15 else None
