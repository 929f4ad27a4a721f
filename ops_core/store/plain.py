"""Plain values as JSON and back, so that a message can wait in the outbox with its times and spans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any


def dump(value: Any) -> Any:
    """Values of str, int, float, bool, None, datetime, timedelta, lists and mappings as JSON."""
    if isinstance(value, datetime):
        return {"$at": value.isoformat()}
    if isinstance(value, timedelta):
        return {"$span": value.total_seconds()}
    if isinstance(value, Mapping):
        return {_escaped(str(key)): dump(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [dump(inner) for inner in value]
    return value


def load(value: Any) -> Any:
    """The inverse of `dump`."""
    if isinstance(value, Mapping):
        if set(value) == {"$at"}:
            return datetime.fromisoformat(value["$at"])
        if set(value) == {"$span"}:
            return timedelta(seconds=value["$span"])
        return {key.removeprefix("$"): load(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [load(inner) for inner in value]
    return value


def _escaped(key: str) -> str:
    """A key of somebody else's, such as a metric's name, is never taken for one of our marks."""
    return f"${key}" if key.startswith("$") else key
