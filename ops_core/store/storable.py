"""What every database can hold: text without NUL, and JSON without NaN."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import orjson

NUL = "\0"
REPLACEMENT = "\ufffd"
_OURS_ONLY = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
"""What is no JSON is refused, where orjson would write it in its own way."""


def text(value: str) -> str:
    """The text, with each NUL replaced: PostgreSQL refuses it, and foreign labels may hold one."""
    return value.replace(NUL, REPLACEMENT) if NUL in value else value


def as_json(value: Any, *, sort_keys: bool = False) -> str:
    """JSON as the standard has it (RFC 8259): NaN and the infinities are null, and text is as `text` says.

    Raises `TypeError` for what is no JSON at all.
    """
    if not sort_keys:
        try:
            written = orjson.dumps(value, option=_OURS_ONLY).decode()
        except TypeError:  # such as numbers of more than 64 bits, which JSON may hold
            return _slowly(value, sort_keys=False)
        return orjson.dumps(_plain(value)).decode() if "\\u0000" in written else written
    return _slowly(value, sort_keys=True)


def _slowly(value: Any, *, sort_keys: bool) -> str:
    try:
        written = json.dumps(value, allow_nan=False, sort_keys=sort_keys)
    except ValueError:
        return json.dumps(_plain(value), sort_keys=sort_keys)
    return json.dumps(_plain(value), sort_keys=sort_keys) if "\\u0000" in written else written


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {_plain(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value
