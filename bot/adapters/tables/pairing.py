"""The queries that tell how two features go together: sums of products of what the reference standardises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy import case, cast, func, null

from bot.adapters.tables.counting import Query
from bot.adapters.tables.dialects import Expression, real
from bot.adapters.tables.window import Window
from ops_core.profiles.pairs import CLIP, Scale

TOGETHER = 400
"""Aggregates asked for at once: databases have limits."""


def pairs(window: Window, scales: Mapping[str, Scale]) -> Iterator[tuple[list[tuple[str, str, str]], Query]]:
    """Sums by version over rows that have both of a pair, some at a time, with what each column is."""
    rows = window.select(
        window.version.label("version"),
        *(_standard(window, name, scale).label(f"z{at}") for at, (name, scale) in enumerate(scales.items())),
    ).subquery("rows")
    columns = {name: rows.c[f"z{at}"] for at, name in enumerate(scales)}
    asked = list(_pairs(columns))
    for begin in range(0, len(asked), TOGETHER):
        part = asked[begin : begin + TOGETHER]
        query = sa.select(rows.c.version, *(value for _, value in part)).group_by(rows.c.version)
        yield [what for what, _ in part], query


def _standard(window: Window, name: str, scale: Scale) -> Expression:
    """A number, or a mark, by the reference's mean and deviation, clipped; NULL where there is none."""
    if not window.predictions.has(scale.feature or name):
        return cast(null(), sa.Double)
    if scale.is_mark:
        return _mark(window, scale)
    number = window.dialect.number(window.predictions.column(name), window.predictions.kinds[name])
    high, low = scale.mean + CLIP * scale.deviation, scale.mean - CLIP * scale.deviation
    standard = (number - real(scale.mean)) / real(scale.deviation)
    return case(
        (window.dialect.is_nan(number), null()),
        (number >= real(high), real(CLIP)),
        (number <= real(low), real(-CLIP)),
        else_=standard,
    )


def _mark(window: Window, scale: Scale) -> Expression:
    """What a row has that has the category, or else another."""
    column, kind = window.predictions.column(scale.feature), window.predictions.kinds[scale.feature]
    text = window.dialect.text(column, kind)
    gone = window.dialect.is_wrong(column, kind, number=False) | text.is_(None)
    mark, other = ((value - scale.mean) / scale.deviation for value in (1.0, 0.0))
    return case(
        (gone, null()), (text == scale.category, real(min(mark, CLIP))), else_=real(max(other, -CLIP))
    )


def _pairs(columns: Mapping[str, Expression]) -> Iterable[tuple[tuple[str, str, str], Expression]]:
    for one, first in columns.items():
        for two, second in columns.items():
            both = second.is_not(None)
            yield ("sums", one, two), func.sum(case((both, first)))
            yield ("squares", one, two), func.sum(case((both, first * first)))
            if one <= two:
                yield ("n", one, two), func.sum(case((both & first.is_not(None), 1), else_=0))
                yield ("products", one, two), func.sum(first * second)
