"""What was pushed, on the disk: the counts of each second, in the order of their moments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import JSON, BigInteger, Column, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, delete, select

from ops_core.streams.counts import Counts

MOST_PIECES = 10
"""Of one second; neighbours of more are put together."""
Piece = tuple[int, int, int]
"""A moment (microseconds within its second), rows, and errors among them."""


class StreamStretch(SQLModel, table=True):
    """The counts of one second (since 1970) of one version of a model; "" where none was said."""

    __tablename__ = "stream_stretch"
    __table_args__ = (UniqueConstraint("model", "second", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    model: str
    version: str = ""
    second: int = Field(sa_column=Column(BigInteger, nullable=False))
    pieces: list[list[int]] = Field(default_factory=list, sa_type=JSON)


class StreamKey(SQLModel, table=True):
    """A push that was counted, by the name that its sender gave it."""

    __tablename__ = "stream_key"

    source: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    digest: str
    at: datetime = Field(index=True)


def add(session: Session, counts: Sequence[Counts]) -> None:
    """Count them."""
    by_second: dict[tuple[str, str, int], list[Piece]] = {}
    for each in counts:
        second = int(each.at.timestamp())
        moment = (each.model, each.version, second)
        pieces = [(each.at.microsecond, rows, errors) for rows, errors in each.pieces if rows]
        by_second.setdefault(moment, []).extend(pieces)
    for (model, version, second), pieces in by_second.items():
        if pieces:
            _add(session, model, version, second, pieces)


def _add(session: Session, model: str, version: str, second: int, pieces: list[Piece]) -> None:
    query = select(StreamStretch).where(
        StreamStretch.model == model, StreamStretch.second == second, StreamStretch.version == version
    )
    stretch = session.exec(query).first() or StreamStretch(model=model, version=version, second=second)
    known: list[Piece] = [(at, rows, errors) for at, rows, errors in stretch.pieces]
    stretch.pieces = [list(each) for each in _fewer(sorted([*known, *pieces], key=lambda each: each[0]))]
    session.add(stretch)


def _fewer(pieces: list[Piece]) -> list[Piece]:
    """At most so many as are kept, with the same sums."""
    while len(pieces) > MOST_PIECES:
        pairs = zip(pieces[::2], [*pieces[1::2], (0, 0, 0)], strict=False)
        pieces = [(one[0], one[1] + other[1], one[2] + other[2]) for one, other in pairs]
    return pieces


def stretches(session: Session, model: str, after: int | None, most: int) -> list[StreamStretch]:
    """The newest of a model after a second, or of all, oldest first."""
    query = select(StreamStretch).where(StreamStretch.model == model)
    if after is not None:
        query = query.where(StreamStretch.second > after)
    order = (col(StreamStretch.second).desc(), col(StreamStretch.version).desc())
    return list(reversed(session.exec(query.order_by(*order).limit(most)).all()))


def pushed(session: Session, model: str) -> bool:
    """Whether anything of a model was ever pushed, and is still kept."""
    query = select(StreamStretch.id).where(StreamStretch.model == model).limit(1)
    return session.exec(query).first() is not None


def known_keys(session: Session, source: str, keys: Iterable[str]) -> dict[str, str]:
    """The digests of pushes that were counted before, by key."""
    query = select(StreamKey).where(StreamKey.source == source, col(StreamKey.key).in_(list(keys)))
    return {row.key: row.digest for row in session.exec(query)}


def forget(session: Session, until: datetime) -> None:
    """Remove what is older."""
    session.exec(delete(StreamStretch).where(col(StreamStretch.second) < int(until.timestamp())))
    session.exec(delete(StreamKey).where(col(StreamKey.at) < until))


def rows_and_errors(some: Iterable[StreamStretch]) -> tuple[int, int]:
    """The sums."""
    every = [piece for each in some for piece in each.pieces]
    return sum(rows for _, rows, _ in every), sum(errors for _, _, errors in every)
