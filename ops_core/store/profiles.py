"""Profiles in the database: each closed day of a model is counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import LargeBinary, UniqueConstraint, inspect
from sqlmodel import Column, Field, SQLModel, col, delete, or_, select

from ops_core.errors import Unavailable
from ops_core.profiles.shelf import Slot
from ops_core.store.database import Database


class StoredProfile(SQLModel, table=True):
    """One slot and what is kept in it."""

    __tablename__ = "stored_profile"
    __table_args__ = (UniqueConstraint("model", "options", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    model: str
    options: str
    reference: str
    name: str
    fingerprint: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    stored_at: datetime


class StoredProfiles:
    """The shelf that the worker process and the command line share with the bot."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find(self, slots: Sequence[Slot]) -> Mapping[str, bytes]:
        """By name, what is kept in these slots of one model and options and is not stale."""
        if not slots:
            return {}
        wanted = {slot.name: slot for slot in slots}
        query = select(StoredProfile).where(
            StoredProfile.model == slots[0].model,
            StoredProfile.options == slots[0].options,
            col(StoredProfile.name).in_(wanted),
        )
        with self.database.read() as session:
            rows = session.exec(query).all()
        return {row.name: row.content for row in rows if _slot(row) == wanted[row.name]}

    def keep(self, contents: Mapping[Slot, bytes], at: datetime) -> None:
        """One transaction; the newest of two runs that keep the same slot stays."""
        with self.database.write() as session:
            for slot, content in contents.items():
                same_name = col(StoredProfile.name) == slot.name
                stale = or_(same_name, col(StoredProfile.reference) != slot.reference)
                session.exec(
                    delete(StoredProfile).where(
                        col(StoredProfile.model) == slot.model,
                        col(StoredProfile.options) == slot.options,
                        stale,
                    )
                )
                session.add(StoredProfile(**vars(slot), content=content, stored_at=at))


def _slot(row: StoredProfile) -> Slot:
    return Slot(row.model, row.options, row.reference, row.name, row.fingerprint)


def opened(url: str) -> StoredProfiles | None:
    """The shelf of a database that is there; None while the bot has made none in it."""
    database = Database(url)
    try:
        with database.read() as session:
            there = inspect(session.connection()).has_table("stored_profile")
    except Unavailable:
        there = False
    return StoredProfiles(database) if there else None
