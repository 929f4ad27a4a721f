"""What every database can hold: text without NUL, and JSON without NaN."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

NUL = "\0"
REPLACEMENT = "\ufffd"
_ENCODER = json.JSONEncoder(allow_nan=False)  # kept, because `json.dumps` makes one for each call


def text(value: str) -> str:
    """The text, with each NUL replaced: PostgreSQL refuses it, and foreign labels may hold one."""
    return value.replace(NUL, REPLACEMENT) if NUL in value else value


def as_json(value: Any, *, sort_keys: bool = False) -> str:
    """JSON as the standard has it (RFC 8259): NaN and the infinities are null, and text is as `text` says.

    Raises `TypeError` for what is no JSON at all.
    """
    try:
        written = json.dumps(value, allow_nan=False, sort_keys=True) if sort_keys else _ENCODER.encode(value)
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
