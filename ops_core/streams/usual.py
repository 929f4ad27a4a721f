"""How often a stream's answers are wrong when all is well, as it was last read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.drift.running import Usual
from ops_core.streams.stretch import StreamStretch, rows_and_errors

FIRST_ROWS = 1_000
"""The first answers of a stream, which count as normal where the reference has no labels."""
REFERENCE = "the reference"


class StreamUsual(SQLModel, table=True):
    """Errors and rows of what counts as normal; no rows, while the reference has no labels.

    `until` is the second up to which the stream's own answers count as normal, if they do.
    """

    __tablename__ = "stream_usual"

    model: str = Field(primary_key=True)
    errors: int = 0
    rows: int = 0
    basis: str = REFERENCE
    until: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    read_at: datetime

    @property
    def usual(self) -> Usual:
        """As the detector takes it."""
        return Usual(self.errors, self.rows)


def learn(session: Session, model: str) -> None:
    """Take the stream's first answers for normal, where the reference has no labels and they are enough."""
    usual = session.get(StreamUsual, model)
    if usual is None or usual.rows:
        return
    query = select(StreamStretch).where(StreamStretch.model == model).order_by(col(StreamStretch.second))
    some: list[StreamStretch] = []
    for stretch in session.exec(query.limit(FIRST_ROWS)):
        some.append(stretch)
        usual.rows, usual.errors = rows_and_errors(some)
        if usual.rows >= FIRST_ROWS:
            usual.until = stretch.second
            usual.basis = f"the stream's first {usual.rows:,} answers"
            session.add(usual)
            return
    usual.rows = usual.errors = 0
