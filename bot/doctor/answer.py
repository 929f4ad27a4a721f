"""What the doctor found at one point, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum


class State(StrEnum):
    """How it is."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class Answer:
    """What was found; `fix` is empty when nothing needs to be done."""

    state: State
    found: str
    fix: str = ""
    name: str = ""

    def of(self, name: str) -> Answer:
        """The same, with the name of the point."""
        return replace(self, name=name)

    def to_json(self) -> dict[str, str]:
        """Plain values."""
        return asdict(self)


class Untold(Exception):
    """It cannot be told, because of something that another point reports."""


def ok(found: str) -> Answer:
    """All is well."""
    return Answer(State.OK, found)


def warning(found: str, fix: str = "") -> Answer:
    """It works, but somebody should look."""
    return Answer(State.WARNING, found, fix)


def failed(found: str, fix: str = "") -> Answer:
    """It will not work like this."""
    return Answer(State.FAILED, found, fix)
