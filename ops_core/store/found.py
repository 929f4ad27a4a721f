"""What the bot has kept, for a command that has no database of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ops_core.store.profiles import StoredProfiles


def shelf_at(url: str) -> StoredProfiles | None:
    """The shelf of a database that the bot has made; None where there is none (yet)."""
    if url.startswith("sqlite") and not _is_there(url):
        return None  # looking would make one
    from ops_core.store.profiles import opened  # heavy: SQLAlchemy, 0.3 s

    return opened(url)


def _is_there(url: str) -> bool:
    file = url.partition("://")[2].removeprefix("/").partition("?")[0]
    return bool(file) and Path(file).exists()
