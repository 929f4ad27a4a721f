"""A turn: somebody is on call from one moment to another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class Turn:
    """`person` is on call in [`starts_at`, `ends_at`); `cover` is the number of the cover that says so."""

    person: str
    starts_at: datetime
    ends_at: datetime
    cover: int | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it is this turn at a moment."""
        return self.starts_at <= at < self.ends_at


def laid_over(turns: Iterable[Turn], over: Turn) -> list[Turn]:
    """The turns with one laid over them; what it hides is cut away, the rest goes on after it."""
    kept = []
    for one in turns:
        kept.append(Turn(one.person, one.starts_at, min(one.ends_at, over.starts_at), one.cover))
        kept.append(Turn(one.person, max(one.starts_at, over.ends_at), one.ends_at, one.cover))
    whole = [turn for turn in kept if turn.starts_at < turn.ends_at]
    return sorted([*whole, over], key=lambda turn: turn.starts_at)


def joined(turns: Iterable[Turn]) -> list[Turn]:
    """The turns, in order, without empty ones; neighbours of the same person and reason are one."""
    whole: list[Turn] = []
    for turn in turns:
        if turn.starts_at >= turn.ends_at:
            continue
        last = whole[-1] if whole else None
        if last and last.ends_at == turn.starts_at and (last.person, last.cover) == (turn.person, turn.cover):
            whole[-1] = replace(last, ends_at=turn.ends_at)
        else:
            whole.append(turn)
    return whole
