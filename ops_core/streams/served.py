"""Which of the counts are about what serves now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from ops_core.checks.watch import Watched
from ops_core.remediation import ledger
from ops_core.streams.stretch import StreamStretch


@dataclass(frozen=True)
class Served:
    """The version that serves, as the ledger has it; the seconds after which counts are about it.

    `after` is when it came in place of another, for counts that do not say their version; `again` when it
    came back, for those that do. Without a version, as before the first look, all count.
    """

    version: str | None = None
    after: int | None = None
    again: int | None = None

    @classmethod
    def now(cls, session: Session, watched: Watched) -> Served:
        """As it stands."""
        move = ledger.last_move(session, watched.name, watched.alias)
        if move is None:
            return cls()
        again = ledger.again_since(session, watched.name, watched.alias, move.to_version)
        return cls(
            move.to_version,
            None if move.from_version is None else int(move.at.timestamp()),
            None if again is None else int(again.timestamp()),
        )

    def concern(self, stretch: StreamStretch) -> bool:
        """Whether counts are about what serves now."""
        if stretch.version and self.version is not None:
            return stretch.version == self.version and (self.again is None or stretch.second > self.again)
        return self.after is None or stretch.second > self.after
