"""The queries that count a window: a few columns of codes, grouped, so that few rows come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import case, cast, func, literal, null

from bot.adapters.tables.dialects import GREATEST, Expression, Kind, real
from bot.adapters.tables.window import Window
from ops_core.profiles.cells import Categorical, Numeric
from ops_core.profiles.days import DAY
from ops_core.profiles.layout import Layout
from ops_core.profiles.scored import EPSILON, UNIT
from ops_core.profiles.tally import MOST_UNSEEN

Query: TypeAlias = sa.Select[Any]
NULL, NAN, WRONG = -1, -2, -3
"""What stands in place of a cell: nothing, no number, something of another type."""
LARGEST = 1e150
"""Beyond it a square would overflow, which some databases take for an error."""
ROUNDING = 1.5 * 2**52
"""Added and taken away again, it rounds to the nearest even whole number, in every database."""


def days(window: Window) -> Query:
    """By version and day: rows, first and last."""
    rows = window.select(
        window.version.label("version"), _floor(window.at, DAY).label("day"), window.at.label("at")
    )
    inner = rows.subquery("rows")
    return _grouped(inner, ["version", "day"], func.min(inner.c.at), func.max(inner.c.at))


def numbers(window: Window, name: str, cells: Numeric, centre: float) -> Query:
    """By version, day and cell of a number: rows, and what `moments` asks for."""
    column, kind = window.predictions.column(name), window.predictions.kinds[name]
    dialect = window.dialect
    number = dialect.number(column, kind)
    rows = window.select(
        window.version.label("version"),
        _floor(window.at, DAY).label("day"),
        number.label("x"),
        case((dialect.is_wrong(column, kind, number=True), 1), else_=0).label("wrong"),
    ).subquery("rows")
    placed = sa.select(
        rows.c.version,
        rows.c.day,
        case(
            (rows.c.wrong == 1, WRONG),
            (rows.c.x.is_(None), NULL),
            (dialect.is_nan(rows.c.x), NAN),
            else_=dialect.cell(rows.c.x, cells.edges),
        ).label("cell"),
        _finite(rows.c.x).label("x"),
    ).subquery("placed")
    return _grouped(placed, ["version", "day", "cell"], *moments(placed.c.x, centre))


def texts(window: Window, name: str, cells: Categorical) -> Query:
    """By version, day and category of a text: rows. Unknown categories are counted together."""
    known = _known(window, name, cells)
    return _grouped(known, ["version", "day", "state", "value"])


def unseen(window: Window, name: str, cells: Categorical) -> Query:
    """By version: the most frequent categories that the reference does not have."""
    column, kind = window.predictions.column(name), window.predictions.kinds[name]
    value = window.dialect.text(column, kind)
    rows = window.select(window.version.label("version"), value.label("value")).where(
        value.is_not(None), value.not_in(cells.values), ~window.dialect.is_wrong(column, kind, number=False)
    )
    counted = _grouped(rows.subquery("rows"), ["version", "value"]).subquery("counted")
    place = func.row_number().over(
        partition_by=counted.c.version, order_by=(sa.desc(counted.c.n), counted.c.value)
    )
    ranked = sa.select(*counted.c, place.label("place")).subquery("ranked")
    return sa.select(ranked.c.version, ranked.c.value, ranked.c.n).where(ranked.c.place <= MOST_UNSEEN)


def outcomes(window: Window, layout: Layout) -> Query:
    """By version, label, prediction, cell and rank of the score: rows, and what `Scored` keeps.

    The score's cell is NULL where there is none; `inside` says that it is a probability.
    """
    score, positive = window.score, layout.classes.index(layout.positive)
    number = cast(null(), sa.Double) if score is None else score
    rows = window.select(
        window.version.label("version"),
        window.label_state(layout).label("label"),
        window.prediction_state(layout).label("prediction"),
        case((window.dialect.is_nan(number), null()), else_=number).label("score"),
        labelled=True,
    ).subquery("rows")
    told, label = rows.c.score, rows.c.label
    inside = case((told.between(real(0.0), real(1.0)) & (label < len(layout.classes)), 1), else_=0)
    right = case((label == positive, told), else_=real(1.0) - told)
    placed = sa.select(
        rows.c.version,
        label,
        rows.c.prediction,
        case((told.is_not(None), window.dialect.cell(told, layout.score.edges))).label("cell"),
        case((told.is_not(None), window.dialect.cell(told, layout.ranks.edges))).label("rank"),
        inside.label("inside"),
        case((inside == 1, told)).label("score"),
        case((inside == 1, -func.ln(case((right < real(EPSILON), real(EPSILON)), else_=right)))).label(
            "loss"
        ),
        case((inside == 1, (real(1.0) - right) * (real(1.0) - right))).label("squared"),
    ).subquery("placed")
    units = cast(placed.c.score / real(UNIT) + real(ROUNDING) - real(ROUNDING), sa.BigInteger)
    return _grouped(
        placed,
        ["version", "label", "prediction", "cell", "rank", "inside"],
        func.sum(units),
        *moments(placed.c.loss, 0.0),
        *moments(placed.c.squared, 0.0),
    )


def course(window: Window, layout: Layout) -> Query:
    """By version, stretch of time, label and prediction: rows, and the first of them."""
    label, prediction = (
        _large(window, layout)
        if layout.task == "regression"
        else (
            window.label_state(layout),
            window.prediction_state(layout),
        )
    )
    rows = window.select(
        window.version.label("version"),
        _floor(window.at, window.scope.width).label("start"),
        label.label("label"),
        prediction.label("prediction"),
        window.at.label("at"),
        labelled=True,
    ).subquery("rows")
    return _grouped(rows, ["version", "start", "label", "prediction"], func.min(rows.c.at))


def _large(window: Window, layout: Layout) -> tuple[Expression, Expression]:
    """A regression's states of label and prediction over time: see `Course`."""
    label, prediction = window.label_state(layout), window.prediction_state(layout)
    known = case((label == 0, literal(1)), else_=label)
    columns = _answers(window)
    if columns is None or layout.usual_error is None:
        return known, prediction
    said, came = map(_finite, columns)
    told = said.is_not(None) & came.is_not(None) & (label <= len(layout.classes))
    large = case((func.abs(said - came) > real(layout.usual_error), literal(1)), else_=literal(0))
    return case((told, literal(0)), else_=known), case((told, large), else_=prediction)


def split(window: Window, layout: Layout, name: str, column: str) -> Query:
    """By version, part, label and prediction: rows."""
    known = _parts(window, column, layout.splits[name])
    rows = window.select(
        window.version.label("version"),
        known.label("part"),
        window.label_state(layout).label("label"),
        window.prediction_state(layout).label("prediction"),
        labelled=True,
    ).subquery("rows")
    return _grouped(rows, ["version", "part", "label", "prediction"])


def errors(window: Window, layout: Layout, centre: float) -> Query | None:
    """By version and segment: moments of a regression's error, |error|, error² and label."""
    columns = _answers(window)
    if columns is None:
        return None
    said, came = columns
    segment = window.watched.segment_column
    part = (
        literal(None, sa.Integer)
        if segment is None or "segment" not in layout.splits or not window.predictions.has(segment)
        else _parts(window, segment, layout.splits["segment"])
    )
    rows = window.select(
        window.version.label("version"),
        part.label("part"),
        window.label_state(layout).label("state"),
        _finite(said).label("said"),
        _finite(came).label("came"),
        labelled=True,
    ).subquery("rows")
    told = (
        sa.select(rows.c.version, rows.c.part, rows.c.came, (rows.c.said - rows.c.came).label("error"))
        .where(rows.c.said.is_not(None), rows.c.came.is_not(None), rows.c.state <= len(layout.classes))
        .subquery("told")
    )
    error = told.c.error
    asked = ((error, 0.0), (func.abs(error), 0.0), (error * error, 0.0), (told.c.came, centre))
    return _grouped(
        told, ["version", "part"], *(each for value, about in asked for each in moments(value, about))
    )


def label_mean(window: Window) -> Query | None:
    """The mean label, around which its moments lose no digits."""
    columns = _answers(window)
    if columns is None:
        return None
    rows = window.select(_finite(columns[1]).label("came"), labelled=True).subquery("rows")
    return sa.select(func.avg(rows.c.came))


def keys(window: Window) -> Query | None:
    """By version: rows that have a key, and how many different ones there are."""
    key = window.key_text
    if key is None:
        return None
    rows = window.select(window.version.label("version"), key.label("key")).subquery("rows")
    told = (func.count(rows.c.key), func.count(rows.c.key.distinct()))
    return sa.select(rows.c.version, *told).group_by(rows.c.version)


def moments(value: Expression, centre: float) -> tuple[Expression, ...]:
    """Number, sum and sum of squares around a centre, least and greatest."""
    apart = value - real(centre)
    near = apart.between(real(-LARGEST), real(LARGEST))
    return (
        func.count(value),
        func.sum(apart),
        func.sum(case((near, apart * apart), (value.is_not(None), real(GREATEST / 2**64)))),
        func.min(value),
        func.max(value),
    )


def _grouped(rows: sa.Subquery, by: Sequence[str], *more: Expression) -> Query:
    groups = [rows.c[name] for name in by]
    labelled = (each.label(f"m{at}") for at, each in enumerate(more))
    return sa.select(*groups, func.count().label("n"), *labelled).group_by(*groups)


def _floor(at: Expression, width: int) -> Expression:
    """The greatest multiple of `width` at or below, also of times before 1970."""
    return at - (at % width + width) % width


def _finite(number: Expression) -> Expression:
    return case((number.between(real(-GREATEST), real(GREATEST)), number))


def _known(window: Window, name: str, cells: Categorical) -> sa.Subquery:
    column, kind = window.predictions.column(name), window.predictions.kinds[name]
    value = window.dialect.text(column, kind)
    wrong = window.dialect.is_wrong(column, kind, number=False)
    return window.select(
        window.version.label("version"),
        _floor(window.at, DAY).label("day"),
        case(
            (column.is_(None), NULL),
            (wrong, WRONG),
            (value.is_(None), NULL),
            (value.in_(cells.values), 0),
            else_=1,
        ).label("state"),
        case((value.in_(cells.values), value)).label("value"),
    ).subquery("known")


def _parts(window: Window, column: str, cells: Categorical) -> Expression:
    """The position of a split's part; one more for another, two for none."""
    value = window.dialect.text(window.predictions.column(column), window.predictions.kinds[column])
    known = [(value == part, literal(at)) for at, part in enumerate(cells.values)]
    return case((value.is_(None), literal(cells.cells)), *known, else_=literal(len(cells.values)))


def _answers(window: Window) -> tuple[Expression, Expression] | None:
    """Prediction and label as numbers."""
    label, name = window.label_column, window.watched.prediction_column
    if label is None or not window.predictions.has(name) or label[1] is Kind.TEXT:
        return None
    said = window.dialect.number(window.predictions.column(name), window.predictions.kinds[name])
    return said, window.dialect.number(*label)
