"""Keys as 64-bit hashes, and the labels that lie under them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bot.adapters.parquet_columns import as_classes, as_times
from ops_core.checks.watch import Watched
from ops_core.profiles.columns import Coded, Counted, Numbers

if TYPE_CHECKING:
    import pyarrow as pa

Hashes = NDArray[np.uint64]
ODD, OTHER_ODD = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)


def hashed(column: pa.ChunkedArray) -> Hashes | None:
    """A hash of each key, never 0, and 0 where there is none; None for types that cannot be a key.

    Keys are compared as texts, so that 7 and "7" are the same. Two different keys of a million have the same
    hash once in 40 million times.
    """
    import pyarrow as pa  # heavy: 0.2 s
    from pyarrow import types  # heavy: 0.2 s

    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks)
    try:
        if types.is_dictionary(whole.type):
            whole = whole.cast(whole.type.value_type)
        if types.is_floating(whole.type):
            whole = whole.cast(pa.int64())
        texts = whole.cast(pa.string()).cast(pa.large_binary())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    hashes = np.maximum(_of_texts(texts), np.uint64(1))
    if texts.null_count:
        hashes[texts.is_null().to_numpy(zero_copy_only=False)] = 0
    return hashes


def _of_texts(texts: pa.Array) -> Hashes:
    """Of all texts of one length at a time, eight bytes of each at a time."""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int64, len(texts) + 1 + texts.offset)[texts.offset :]
    content = np.frombuffer(data or b"", np.uint8)
    lengths, hashes = np.diff(ends), np.zeros(len(texts), dtype=np.uint64)
    for length in np.unique(lengths).tolist():
        chosen = np.flatnonzero(lengths == length)
        words = np.zeros((len(chosen), -(-length // 8) * 8), dtype=np.uint8)
        words[:, :length] = content[ends[chosen][:, np.newaxis] + np.arange(length)]
        mixed = np.full(len(chosen), length, dtype=np.uint64)
        for word in words.view(np.uint64).T:
            mixed = _mixed(mixed ^ word)
        hashes[chosen] = _mixed(mixed)
    return hashes


def _mixed(hashes: Hashes) -> Hashes:
    """The finaliser of MurmurHash3 (Appleby 2011): every bit of the input changes half of the output's."""
    shift = np.uint64(33)
    hashes = (hashes ^ (hashes >> shift)) * ODD
    hashes = (hashes ^ (hashes >> shift)) * OTHER_ODD
    return hashes ^ (hashes >> shift)


class Labels:
    """Labels by the hash of their key; the newest label of a key counts."""

    def __init__(self, tables: Sequence[pa.Table], watched: Watched) -> None:
        told = [_labels(table, watched) for table in tables]
        every = [one for one in told if one is not None]
        self._hashes = np.concatenate([np.zeros(0, np.uint64), *(hashes for hashes, _, _ in every)])
        self._labels = _stacked([labels for _, _, labels in every])
        times = np.concatenate([np.zeros(0, np.int64), *(at for _, at, _ in every)])
        # By key, newest first, so that the first of each is the one that counts.
        order = np.lexsort((-times, self._hashes))
        ordered = self._hashes[order]
        kept = order[(np.diff(ordered, prepend=ordered[:1] - np.uint64(1)) != 0) & (ordered != 0)]
        self._hashes, self._labels = self._hashes[kept], self._labels.rows(kept)

    def of(self, hashes: Hashes) -> Counted:
        """The label of each key, missing where there is none."""
        order = np.argsort(hashes)  # sorted keys are found ten times as fast
        at = np.empty(len(hashes), dtype=np.int64)
        at[order] = np.searchsorted(self._hashes, hashes[order])
        at = np.minimum(at, max(0, len(self._hashes) - 1))
        if not len(self._hashes):
            return Numbers(np.zeros(len(hashes)), np.zeros(len(hashes), dtype=bool))
        found, labels = self._hashes[at] == hashes, self._labels.rows(at)
        if isinstance(labels, Coded):
            return Coded(np.where(found, labels.codes, np.int32(-1)), labels.values)
        return Numbers(labels.values, found if labels.valid is None else found & labels.valid)


def _labels(table: pa.Table, watched: Watched) -> tuple[Hashes, NDArray[np.int64], Counted] | None:
    hashes = hashed(table[watched.key_column])
    labels = as_classes(table[watched.label_column], watched.positive_label)
    return (
        None if hashes is None or labels is None else (hashes, as_times(table, watched.at_column)[0], labels)
    )


def _stacked(columns: Sequence[Counted]) -> Counted:
    """All rows of columns; numbers among texts are written as such."""
    if not any(isinstance(column, Coded) for column in columns):
        numbers = [column.filled() for column in columns if isinstance(column, Numbers)]
        return Numbers(np.concatenate([np.zeros(0), *numbers]))
    index: dict[str, int] = {}
    codes: list[Any] = []
    for column in columns:
        coded = column if isinstance(column, Coded) else _written(column)
        table = np.array([index.setdefault(value, len(index)) for value in coded.values], dtype=np.int64)
        codes.append(coded.looked_up(table, -1))
    return Coded(np.concatenate(codes).astype(np.int32), tuple(index))


def _written(column: Numbers) -> Coded:
    values, codes = np.unique(column.filled(), return_inverse=True)
    texts = tuple(str(int(each)) if each.is_integer() else str(each) for each in values.tolist())
    return Coded(np.where(column.absent(), -1, codes).astype(np.int32), texts)
