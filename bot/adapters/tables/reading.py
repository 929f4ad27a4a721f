"""Rows of a table as blocks: for the cells of a layout, and for what cannot be counted in the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from bot.adapters.parquet_keys import Hashes, hashed
from bot.adapters.tables.dialects import NUMBERS, Dialect, Expression, Kind
from bot.adapters.tables.warehouse import Warehouse
from bot.adapters.tables.window import Window
from ops_core.checks.watch import Watched
from ops_core.profiles.batch import Block, Problem, Reading
from ops_core.profiles.columns import NULL_WORDS, Bools, Coded, Counted, Numbers

ROWS_AT_ONCE = 50_000
Columns: TypeAlias = Mapping[str, Sequence[Any]]


def blocks(
    window: Window, warehouse: Warehouse, features: Sequence[str] | None, reading: Reading
) -> Iterator[Block]:
    """The rows of a window, some at a time; columns that cannot be counted are told to the reading."""
    told = list(_features(window, features, reading))
    splits = _splits(window)
    columns = {
        "at": window.at,
        "version": window.version,
        **{f"f{at}": _plain(window.dialect, *_own(window, name)) for at, name in enumerate(told)},
        **{f"s{at}": each for at, each in enumerate(splits.values())},
    }
    if window.score is not None:
        columns["score"] = window.score
    name = window.watched.prediction_column
    if window.predictions.has(name):
        columns["prediction"] = _plain(window.dialect, *_own(window, name))
    if window.label_column is not None:
        columns["label"] = _plain(window.dialect, *window.label_column)
    if window.key_text is not None:
        columns["key"] = window.key_text
    query = window.select(*(each.label(label) for label, each in columns.items()), labelled=True)
    for rows in warehouse.stream(query, ROWS_AT_ONCE):
        values = {name: _known(column) for name, column in zip(columns, zip(*rows, strict=True), strict=True)}
        for part in _of_one_type(values, [f"f{at}" for at in range(len(told))]):
            yield Block(
                at=np.array(part["at"], dtype=np.int64),
                version=_texts(part["version"]),
                prediction=_classes(part.get("prediction", ()), window),
                features={name: _column(part[f"f{at}"]) for at, name in enumerate(told)},
                score=_numbers(part["score"]) if "score" in part else None,
                label=_classes(part.get("label", ()), window),
                splits={name: _texts(part[f"s{at}"]) for at, name in enumerate(splits)},
                keys=_hashes(part["key"]) if "key" in part else None,
            )


def _of_one_type(values: Columns, features: Sequence[str]) -> Iterator[Columns]:
    """The rows, parted so that no feature holds texts and numbers at once: SQLite keeps both in a column."""
    signs = [texts for name in features if _is_mixed(texts := _are_texts(values[name]), values[name])]
    if not signs:
        yield values
        return
    _, kinds = np.unique(np.array(signs), axis=1, return_inverse=True)
    for kind in range(int(kinds.max()) + 1):
        chosen = np.flatnonzero(kinds.ravel() == kind).tolist()
        yield {name: [column[at] for at in chosen] for name, column in values.items()}


def _are_texts(values: Sequence[Any]) -> Bools:
    return np.fromiter((isinstance(each, str) for each in values), bool, len(values))


def _is_mixed(texts: Bools, values: Sequence[Any]) -> bool:
    return bool(texts.any()) and any(each is not None and not isinstance(each, str) for each in values)


def _features(window: Window, wanted: Sequence[str] | None, reading: Reading) -> Iterator[str]:
    watched = window.watched
    chosen = wanted if wanted is not None or watched.features is None else _all(watched)
    for name, kind in window.predictions.kinds.items():
        if name in watched.role_columns or (chosen is not None and name not in chosen):
            continue
        if kind is Kind.OTHER:
            reading.problems.append(Problem(f"column {name}", "has a type that is not counted"))
        else:
            yield name


def _all(watched: Watched) -> Sequence[str]:
    return [*(watched.features or ()), *watched.measures.values()]


def _splits(window: Window) -> dict[str, Expression]:
    named = window.watched.split_columns.items()
    return {
        name: window.dialect.text(*_own(window, column))
        for name, column in named
        if window.predictions.has(column)
    }


def _own(window: Window, name: str) -> tuple[Expression, Kind]:
    return window.predictions.column(name), window.predictions.kinds[name]


def _plain(dialect: Dialect, column: Expression, kind: Kind) -> Expression:
    """The column as a number or a text."""
    if kind is Kind.ANY:
        return column
    return dialect.number(column, kind) if kind in NUMBERS else dialect.text(column, kind)


def _column(values: Sequence[Any]) -> Counted:
    return _texts(values) if any(isinstance(each, str) for each in values) else _numbers(values)


def _numbers(values: Sequence[Any]) -> Numbers:
    valid = np.array([isinstance(each, int | float) for each in values], dtype=bool)
    found = np.array([float(each) if ok else 0.0 for each, ok in zip(values, valid, strict=True)])
    return Numbers(found, None if valid.all() else valid)


def _texts(values: Sequence[Any]) -> Coded:
    texts = np.empty(len(values), dtype=object)
    texts[:] = [each if isinstance(each, str) else None for each in values]
    return Coded.of(texts)


def _hashes(values: Sequence[Any]) -> Hashes | None:
    import pyarrow as pa  # heavy: 0.2 s

    return hashed(pa.chunked_array([pa.array(values, pa.string())]))


def _known(values: Sequence[Any]) -> Sequence[Any]:
    """The values, None for texts that say that there is none."""
    return [None if isinstance(each, str) and each in NULL_WORDS else each for each in values]


def _classes(values: Sequence[Any], window: Window) -> Counted | None:
    """Classes as texts where the positive one is a text, else as numbers where they can be read so."""
    if not values:
        return None
    if isinstance(window.watched.positive_label, str):
        return _texts([_written(each) for each in values])
    try:
        return _numbers([float(each) if isinstance(each, str) else each for each in values])
    except ValueError:
        return _texts([_written(each) for each in values])


def _written(value: Any) -> str | None:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if value is None else str(value)
