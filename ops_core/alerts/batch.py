"""A batch on its way through the pipeline: what was heard, and what is to become of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Table
from sqlmodel import SQLModel

from ops_core.alerts.heard import Heard
from ops_core.alerts.matchable import matchable
from ops_core.alerts.rules import Hush, Labels, Rules
from ops_core.severity import Severity


class Change(Enum):
    """What a word changes in what is known."""

    NEW = "new"
    AGAIN = "again"
    """Fires once more after it was over."""
    MORE = "more"
    """Fires on, with something that people should see."""
    SAME = "same"
    OVER = "over"
    LATE = "late"
    """Came after what it tells was over, and changes nothing."""


@dataclass(slots=True)
class Word:
    """One alert of a batch: its identity, the limits kept, and step by step what becomes of it."""

    heard: Heard
    fingerprint: str = ""
    firing: str = ""
    name: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    severity: Severity = Severity.P2
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    remark: str = ""
    rank: int = 0
    shape: str = ""
    fired: bool = True
    """Whether it was heard to fire: now, or earlier in the same batch."""
    row: Any = None
    """The row that is there already."""
    change: Change = Change.NEW
    group_id: int = 0
    inhibits: bool = False
    hush: Hush | None = None

    @property
    def is_over(self) -> bool:
        """Whether the source says that it fires no more."""
        return self.ends_at is not None

    def matchable(self, rules: Rules) -> Labels:
        """The labels that matchers see."""
        return matchable(rules, self.heard.source, self.labels, self.severity)

    @property
    def needs_judging(self) -> bool:
        """Whether it is to be held against silences and the other reasons not to tell."""
        return self.change in (Change.NEW, Change.AGAIN, Change.MORE) and self.hush is None


@dataclass
class Batch:
    """The words of some requests, the transaction that takes them in, and the rules."""

    heard: Sequence[Word]
    """As they came."""
    connection: Connection
    now: datetime
    rules: Rules
    words: list[Word] = field(default_factory=list)
    """One for each alert: later words of the same alert are merged into the first."""
    groups: set[int] = field(default_factory=set)
    """The groups that changed."""
    marked: set[int] = field(default_factory=set)
    """Those of them that are marked already."""
    silences: bool = True
    """Whether a silence may hold now; False once it was seen that none does, which saves a question."""
    hushing: bool = True
    """The same of alerts that hush others, as far as they stand in the database."""
    rejudge: bool = False
    """An alert that hushes others began or ended."""

    def judged(self) -> Iterable[Word]:
        """The words that may be hushed, and are not yet."""
        return (word for word in self.words if word.needs_judging)

    def pages(self) -> set[int]:
        """The groups in which something is new that somebody has to get up for: P0 and P1 (seed 004)."""
        news = (Change.NEW, Change.AGAIN, Change.MORE)
        return {word.group_id for word in self.words if word.severity < Severity.P2 and word.change in news}

    def table(self, name: str) -> Table:
        """A table of the schema."""
        return SQLModel.metadata.tables[name]
