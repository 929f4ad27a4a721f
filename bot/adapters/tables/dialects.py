"""What databases spell differently: times, texts, and the cell of a number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import ColumnElement, case, cast, func, literal, null

from ops_core.profiles.columns import NULL_WORDS

Expression: TypeAlias = ColumnElement[Any]
GREATEST = 1.7976931348623157e308
MICROSECONDS = 1_000_000


class Exact(sa.Double[float]):
    """Double precision that is written with an exponent, or some databases would take it for a decimal."""

    def literal_processor(self, dialect: sa.Dialect) -> Any:
        """Digits that give the very same number back."""
        return lambda value: repr(float(value)) if "e" in repr(float(value)) else f"{float(value)!r}e0"


def real(value: float) -> Expression:
    """A number in a query."""
    return literal(value, Exact())


class Kind(Enum):
    """What a column holds."""

    WHOLE = auto()
    NUMBER = auto()
    TRUTH = auto()
    TIME = auto()
    TEXT = auto()
    ANY = auto()
    """Each row may hold something else, as in SQLite."""
    OTHER = auto()


class Dialect:
    """Expressions in standard SQL, as far as databases agree on it.

    Rows are counted in cells by a balanced CASE: as many comparisons as a binary search makes.
    """

    def number(self, column: Expression, kind: Kind) -> Expression:
        """The column as double precision; NULL where it holds none."""
        if kind is Kind.TRUTH:
            return cast(case((column, 1), (sa.not_(column), 0)), sa.Double)
        if kind is Kind.TIME:
            return cast(self.micros(column, kind), sa.Double)
        return cast(column, sa.Double) if kind in (Kind.WHOLE, Kind.NUMBER) else cast(null(), sa.Double)

    def text(self, column: Expression, kind: Kind) -> Expression:
        """The column as text; NULL where that says that there is no value."""
        written = self.written(column, kind)
        return written if kind in NUMBERS else case((written.not_in(NULL_WORDS), written))

    def written(self, column: Expression, kind: Kind) -> Expression:
        """The column as it is written; whole numbers without a point."""
        if kind is Kind.OTHER:
            return cast(null(), sa.Text)
        if kind is Kind.NUMBER:
            whole = cast(cast(column, sa.BigInteger), sa.Text)
            near = sa.and_(column >= real(-(2.0**53)), column <= real(2.0**53))
            return case(
                (near & (cast(column, sa.Double) == func.floor(column)), whole), else_=cast(column, sa.Text)
            )
        return cast(column, sa.Text)

    def micros(self, column: Expression, kind: Kind) -> Expression:
        """Microseconds since 1970 in UTC; a time without a zone is UTC. NULL where it cannot be told."""
        if kind is Kind.WHOLE:
            return cast(column, sa.BigInteger)
        if kind is not Kind.TIME:
            return cast(null(), sa.BigInteger)
        return cast(func.round(sa.extract("epoch", column) * MICROSECONDS), sa.BigInteger)

    def is_wrong(self, column: Expression, kind: Kind, *, number: bool) -> Expression:
        """Whether a row holds a text where a number is expected, or the other way round."""
        del column
        return sa.literal(kind not in NUMBERS if number else kind is not Kind.TEXT)

    def is_nan(self, number: Expression) -> Expression:
        """Whether a number is NaN, which equals itself in most databases."""
        return number == cast(literal("NaN"), sa.Double)

    def cell(self, number: Expression, edges: Sequence[float]) -> Expression:
        """How many of the sorted edges are at or below a number."""
        if not edges:
            return literal(0)
        return self._split(number, edges, 0, len(edges))

    def _split(self, number: Expression, edges: Sequence[float], low: int, high: int) -> Expression:
        if low == high:
            return sa.literal_column(str(low))
        middle = (low + high) // 2
        below = number < real(edges[middle])
        return case(
            (below, self._split(number, edges, low, middle)),
            else_=self._split(number, edges, middle + 1, high),
        )


NUMBERS = (Kind.WHOLE, Kind.NUMBER, Kind.TRUTH, Kind.TIME)


class Postgres(Dialect):
    """PostgreSQL searches sorted edges by itself."""

    def cell(self, number: Expression, edges: Sequence[float]) -> Expression:
        """By width_bucket, which counts the lower bounds at or below a number."""
        if not edges:
            return literal(0)
        return func.width_bucket(number, cast(list(edges), sa.ARRAY(sa.Double)))


Register = Callable[[str, Sequence[float]], None]
"""Makes a function of a name known to an engine, which places numbers among sorted edges."""


class Embedded(Dialect):
    """A database within this process, which can be given functions: quicker than a large CASE."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.known: dict[tuple[float, ...], str] = {}

    def cell(self, number: Expression, edges: Sequence[float]) -> Expression:
        """By a function that is given to the engine."""
        wanted = tuple(edges)
        if wanted not in self.known:
            self.known[wanted] = f"tocsin_cell_{len(self.known)}"
            self.register(self.known[wanted], wanted)
        return sa.Function(self.known[wanted], number, type_=sa.BigInteger())


class Sqlite(Embedded):
    """SQLite knows no types of columns, no NaN and no times; `tocsin_micros` is given to it."""

    def number(self, column: Expression, kind: Kind) -> Expression:
        """Rows that hold a number."""
        return case((func.typeof(column).in_(("integer", "real")), cast(column, sa.Float)))

    def written(self, column: Expression, kind: Kind) -> Expression:
        """Rows that hold a text, and numbers as texts."""
        whole = cast(cast(column, sa.BigInteger), sa.Text)
        return case(
            (func.typeof(column) == "blob", null()),
            ((func.typeof(column) == "real") & (column == cast(column, sa.BigInteger)), whole),
            else_=cast(column, sa.Text),
        )

    def micros(self, column: Expression, kind: Kind) -> Expression:
        """Of ISO 8601 texts, or whole numbers that are microseconds."""
        return column if kind is Kind.WHOLE else func.tocsin_micros(column, type_=sa.BigInteger())

    def is_wrong(self, column: Expression, kind: Kind, *, number: bool) -> Expression:
        """By the type of the row's value."""
        if number:
            text = (func.typeof(column) == "text") & column.not_in(NULL_WORDS)
            return text | (func.typeof(column) == "blob")
        return func.typeof(column).in_(("integer", "real", "blob"))

    def is_nan(self, number: Expression) -> Expression:
        """There is none: it would be NULL."""
        return sa.literal(0) == 1


class Duckdb(Embedded):
    """DuckDB, which would evaluate every branch of a large CASE for each part of its rows."""

    def micros(self, column: Expression, kind: Kind) -> Expression:
        """By its own function, which loses no digit."""
        return func.epoch_us(column) if kind is Kind.TIME else super().micros(column, kind)


class Spark(Dialect):
    """Spark."""

    def micros(self, column: Expression, kind: Kind) -> Expression:
        """By its own function, which loses no digit."""
        if kind is not Kind.TIME:
            return super().micros(column, kind)
        return func.unix_micros(cast(column, sa.TIMESTAMP))
