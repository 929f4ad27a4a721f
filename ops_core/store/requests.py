"""Requests that may reach us twice, because our answer got lost: each is carried out once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel

from ops_core.errors import Repeated


class HandledRequest(SQLModel, table=True):
    """A request that was carried out, by the name that its sender gave it."""

    __tablename__ = "handled_request"

    key: str = Field(primary_key=True)
    at: datetime


def take(session: Session, key: str, now: datetime) -> None:
    """Note, in the transaction that carries it out, that a request came. Raises `Repeated` if it had."""
    session.add(HandledRequest(key=key, at=now))
    try:
        session.flush()
    except IntegrityError as error:
        raise Repeated("This was done already.") from error
