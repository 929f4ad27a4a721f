"""The rows of a window as a query: who answered what, when, and what turned out to be true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy import case, func, literal

from bot.adapters.tables.dialects import NUMBERS, Dialect, Expression, Kind, real
from ops_core.checks.watch import Watched
from ops_core.profiles.layout import Layout, spellings
from ops_core.profiles.profile import Scope, microseconds

NEVER = -9_223_372_036_854_776
"""Before all times, of rows whose time cannot be told."""


@dataclass(frozen=True)
class Table:
    """A table or query, and what its columns hold."""

    clause: sa.FromClause
    kinds: Mapping[str, Kind]

    def has(self, column: str | None) -> bool:
        """Whether it has the column."""
        return column is not None and column in self.kinds

    def column(self, name: str) -> Expression:
        """One of its columns."""
        return self.clause.c[name]


@dataclass(frozen=True)
class Window:
    """What can be asked about the rows of a model's table that lie in a scope.

    Label and prediction states are numbered as in `Profile.outcomes`.
    """

    watched: Watched
    dialect: Dialect
    predictions: Table
    labels: Table | None
    scope: Scope

    def select(self, *columns: sa.ColumnElement[Any], labelled: bool = False) -> sa.Select[Any]:
        """These columns of the rows in the window; `labelled` joins the labels, if they lie elsewhere."""
        source = self.predictions.clause
        newest = self._newest if labelled else None
        if newest is not None:
            key = self._key(self.predictions)
            source = source.outerjoin(newest, key == newest.c.key)
        return sa.select(*columns).select_from(source).where(*self._inside())

    @property
    def at(self) -> Expression:
        """When a row was served, in microseconds since 1970; a time before all where that cannot be told."""
        if not self.predictions.has(self.watched.at_column):
            return literal(0)
        return func.coalesce(self._micros(self.predictions), NEVER)

    @property
    def version(self) -> Expression:
        """The version that answered, as text; NULL for none."""
        name = self.watched.version_column
        if name is None or not self.predictions.has(name):
            return sa.cast(sa.null(), sa.Text)
        text = self.dialect.text(self.predictions.column(name), self.predictions.kinds[name])
        return func.nullif(text, "")

    @property
    def score(self) -> Expression | None:
        """The score as a number; None without such a column."""
        name = self.watched.score_column
        if name is None or not self.predictions.has(name):
            return None
        return self.dialect.number(self.predictions.column(name), self.predictions.kinds[name])

    def prediction_state(self, layout: Layout) -> Expression:
        """The class that was predicted."""
        name = self.watched.prediction_column
        if not self.predictions.has(name):
            return literal(len(layout.classes) + 1)
        return self._state(self.predictions.column(name), self.predictions.kinds[name], layout)

    def label_state(self, layout: Layout) -> Expression:
        """The class that turned out to be true, "missing", or "not due yet"."""
        column = self.label_column
        missing = len(layout.classes) + 1
        came = literal(missing) if column is None else self._state(*column, layout)
        if self.scope.labels_due_at is None:
            return came
        return case((self.at > microseconds(self.scope.labels_due_at), literal(missing + 1)), else_=came)

    @property
    def label_column(self) -> tuple[Expression, Kind] | None:
        """The label, beside the prediction or joined, with its kind."""
        name = self.watched.label_column
        if self.labels is not None:
            newest = self._newest
            return None if newest is None else (newest.c.label, self.labels.kinds[name])
        if not self.predictions.has(name):
            return None
        return self.predictions.column(name), self.predictions.kinds[name]

    @property
    def key_text(self) -> Expression | None:
        """The row's key as text; None without such a column."""
        if not self.predictions.has(self.watched.key_column):
            return None
        return self._key(self.predictions)

    def _state(self, column: Expression, kind: Kind, layout: Layout) -> Expression:
        """The position of a value among the classes; one more for another value, two for none."""
        other, missing = len(layout.classes), len(layout.classes) + 1
        number, text = self.dialect.number(column, kind), self.dialect.text(column, kind)
        as_texts = kind not in NUMBERS or any(isinstance(each, str) for each in layout.classes)
        gone = text.is_(None) if as_texts else number.is_(None) | self.dialect.is_nan(number)
        branches = [
            (text.in_(spellings(each)) if as_texts else number == real(float(each)), literal(code))
            for code, each in enumerate(layout.classes)
        ]
        return case((gone, literal(missing)), *branches, else_=literal(other))

    def _inside(self) -> list[sa.ColumnElement[bool]]:
        """After the start, up to the end; without either every row counts, whenever it was served."""
        start, end = self.scope.start, self.scope.end
        if not self.predictions.has(self.watched.at_column):
            return []
        column, kind = self._own_at
        ends: list[sa.BindParameter[Any] | None]
        if kind is Kind.TIME:  # told in its own type, so that an index on it can be used
            ends = [None if each is None else literal(_plain(each), sa.DateTime()) for each in (start, end)]
        else:
            column = self.at
            ends = [None if each is None else literal(microseconds(each)) for each in (start, end)]
        after, until = ends
        return [
            *([] if after is None else [column > after]),
            *([] if until is None else [column <= until]),
        ]

    @property
    def _own_at(self) -> tuple[Expression, Kind]:
        name = self.watched.at_column
        return self.predictions.column(name), self.predictions.kinds[name]

    def _micros(self, table: Table) -> Expression:
        name = self.watched.at_column
        return self.dialect.micros(table.column(name), table.kinds[name])

    def _key(self, table: Table) -> Expression:
        name = self.watched.key_column
        return self.dialect.text(table.column(name), table.kinds[name])

    @cached_property
    def _newest(self) -> sa.Subquery | None:
        """The newest label of each key of the window."""
        labels, watched = self.labels, self.watched
        keyed = labels is not None and self.predictions.has(watched.key_column)
        if labels is None or not (
            keyed and labels.has(watched.key_column) and labels.has(watched.label_column)
        ):
            return None
        told = self._micros(labels) if labels.has(watched.at_column) else literal(NEVER)
        key = self._key(labels)
        place = func.row_number().over(partition_by=key, order_by=sa.desc(func.coalesce(told, NEVER)))
        asked = sa.select(self._key(self.predictions)).where(*self._inside())
        ranked = (
            sa.select(
                key.label("key"), labels.column(watched.label_column).label("label"), place.label("place")
            )
            .where(key.in_(asked))
            .subquery("ranked")
        )
        return sa.select(ranked.c.key, ranked.c.label).where(ranked.c.place == 1).subquery("newest")


def _plain(at: datetime) -> datetime:
    """UTC without saying so: what sessions in UTC take for either kind of time."""
    return at.astimezone(UTC).replace(tzinfo=None)
