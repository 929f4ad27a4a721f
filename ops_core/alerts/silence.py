"""The silence: stated, timed, scoped permission not to be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.alerts import matcher
from ops_core.alerts.matcher import Matcher
from ops_core.errors import Invalid, NotFound


class Silence(SQLModel, table=True):
    """Who asked not to be told of alerts with which labels, until when and why. Named `S-<n>`."""

    __tablename__ = "silence"

    id: int | None = Field(default=None, primary_key=True)
    matchers: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    starts_at: datetime
    ends_at: datetime = Field(index=True)
    by: str
    reason: str = ""
    lifted_by: str | None = None

    @property
    def ref(self) -> str:
        """How people name it."""
        if self.id is None:
            raise Invalid("The silence has not been saved yet.")
        return f"S-{self.id}"

    @property
    def conditions(self) -> tuple[Matcher, ...]:
        """Its matchers."""
        return _conditions(tuple((row["name"], row["op"], row["value"]) for row in self.matchers))

    @property
    def scope(self) -> str:
        """Its matchers as people write them."""
        return " ".join(map(str, self.conditions))

    def covers(self, labels: Mapping[str, str]) -> bool:
        """Whether it is about alerts with these labels."""
        return matcher.all_match(self.conditions, labels)


@lru_cache(maxsize=1000)
def _conditions(rows: tuple[tuple[str, str, str], ...]) -> tuple[Matcher, ...]:
    """Compiled once for all the alerts that are held against them."""
    return tuple(Matcher(*row) for row in rows)


def get_silence(session: Session, number: int) -> Silence:
    """The silence with this number. Raises `NotFound`."""
    found = session.get(Silence, number)
    if found is None:
        raise NotFound(f"There is no silence S-{number}.", hint="`/ops silence list` shows those that hold.")
    return found


def silences_at(session: Session, now: datetime) -> list[Silence]:
    """The silences that hold at a moment, those that hold longest first."""
    query = (
        select(Silence)
        .where(Silence.starts_at <= now, Silence.ends_at > now)
        .order_by(col(Silence.ends_at).desc())
    )
    return list(session.exec(query))
