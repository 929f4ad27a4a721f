"""Where a table lies: one text that names a database and a table, or a query, in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self
from zlib import crc32

from ops_core.errors import Invalid

SQL = ("sqlite", "postgresql")
IBIS = ("duckdb",)
SCHEMES = (*SQL, *IBIS)
FILES = "files"


@dataclass(frozen=True)
class Address:
    """`url#table`, `url#schema.table` or `url#(SELECT …)`; `shown` has no password in it."""

    url: str
    relation: str
    shown: str

    @property
    def scheme(self) -> str:
        """The kind of database: sqlite, postgresql, duckdb, …"""
        return self.url.partition("://")[0].partition("+")[0]

    @property
    def is_files(self) -> bool:
        """Files that an engine is to read."""
        return self.url == FILES

    @property
    def query(self) -> str | None:
        """The query, when it is one."""
        text = self.relation
        return text[1:-1].strip() if text.startswith("(") and text.endswith(")") else None

    @property
    def table(self) -> tuple[str | None, str]:
        """Schema, if there is one, and name."""
        if self.is_files:
            return None, f"files_{crc32(self.relation.encode())}"
        schema, _, name = self.relation.rpartition(".")
        return schema or None, name

    @classmethod
    def within(cls, text: str) -> Self:
        """In an engine that is named elsewhere: `#table`, `#(SELECT …)`, or files."""
        if text.startswith("#"):
            return cls("", text[1:], text)
        return cls(FILES, text, text)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `Invalid` with what is wrong; never with the password."""
        url, _, relation = text.replace("postgres://", "postgresql://", 1).partition("#")
        if not relation:
            raise Invalid(f"{_shown(url)} names no table.", hint="Write it as postgresql://…/name#table.")
        return cls(url, relation, f"{_shown(url)}#{relation if len(relation) < 60 else relation[:60] + '…'}")


def is_table(place: str) -> bool:
    """Whether a place is a table of a database rather than files."""
    return place.replace("postgres://", "postgresql://").partition("://")[0].partition("+")[0] in SCHEMES


def anchored(place: str, folder: Path) -> str:
    """A file of SQLite or DuckDB at a relative path, made relative to `folder`."""
    url, mark, relation = place.partition("#")
    scheme, _, path = url.partition(":///")
    if scheme not in ("sqlite", "duckdb") or not path or path.startswith("/"):
        return place
    return f"{scheme}:///{(folder / path).absolute()}{mark}{relation}"


def _shown(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    who, at, where = rest.rpartition("@")
    return f"{scheme}{mark}{who.partition(':')[0]}{':***' if ':' in who else ''}{at}{where}"
