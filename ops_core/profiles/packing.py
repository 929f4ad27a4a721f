"""Writes trees of plain values and arrays as few bytes, and reads them again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVEL = 1
"""Of compression: higher ones save a tenth and take four times as long."""


def pack(tree: Mapping[str, Any]) -> bytes:
    """The tree's plain values as JSON, then its arrays, whole numbers in as few bytes as hold them."""
    arrays: list[NDArray[Any]] = []
    head = json.dumps(_without(tree, arrays), separators=(",", ":")).encode()
    body = b"".join(each.tobytes() for each in arrays)
    return zlib.compress(len(head).to_bytes(8, "big") + head + body, LEVEL)


def unpack(content: bytes) -> dict[str, Any]:
    """The tree that `pack` wrote; ValueError when these bytes are not its."""
    try:
        whole = zlib.decompress(content)
        start = 8 + int.from_bytes(whole[:8], "big")
        tree: dict[str, Any] = _with(json.loads(whole[8:start]), whole, [start])
    except (zlib.error, ValueError, KeyError, TypeError, IndexError) as error:
        raise ValueError("these bytes are no packed tree") from error
    return tree


def _without(value: Any, arrays: list[NDArray[Any]]) -> Any:
    if isinstance(value, np.ndarray):
        small = _small(value)
        arrays.append(small)
        return {"~": [small.dtype.str, value.dtype.str, list(value.shape)]}
    if isinstance(value, Mapping):
        return {"": [[name, _without(each, arrays)] for name, each in value.items()]}
    if isinstance(value, list | tuple):
        return [_without(each, arrays) for each in value]
    return value


def _with(value: Any, whole: bytes, at: list[int]) -> Any:
    if isinstance(value, list):
        return [_with(each, whole, at) for each in value]
    if not isinstance(value, dict):
        return value
    if "" in value:
        return {name: _with(each, whole, at) for name, each in value[""]}
    stored, wanted, shape = value["~"]
    count = int(np.prod(shape, dtype=np.int64))
    array = np.frombuffer(whole, stored, count, at[0])
    at[0] += array.nbytes
    return array.astype(wanted).reshape(shape)


def _small(array: NDArray[Any]) -> NDArray[Any]:
    if array.dtype != np.int64 or not array.size:
        return array
    least, greatest = int(array.min()), int(array.max())
    for kind in (np.int8, np.int16, np.int32):
        if np.iinfo(kind).min <= least and greatest <= np.iinfo(kind).max:
            return array.astype(kind)
    return array
