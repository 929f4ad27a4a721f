"""How enumerations are stored: as their words, so that a new word needs no migration."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Enum


def words(of: type[StrEnum]) -> Any:
    """A text column that holds the values of an enumeration and reads them back as its members."""
    return Enum(
        of,
        native_enum=False,
        create_constraint=False,
        length=40,
        values_callable=lambda kind: [member.value for member in kind],
    )
