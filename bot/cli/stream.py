"""`tocsin stream`: tell the running bot how many answers were wrong, from a job or a serving process."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.cli.posting import Door, post
from ops_core.errors import Invalid

STDIN = "-"


@dataclass(frozen=True)
class Counted:
    """What was typed."""

    model: str
    errors: int | None = None
    predictions: int | None = None
    at: str | None = None
    version: str | None = None
    key: str | None = None


def stream(path: Path | None, source: str | None, counted: Counted) -> int:
    """The exit code: 0 taken, 1 when trying again may help. Raises `Invalid` when it may not."""
    return post(_body(counted), Door("TOCSIN_STREAM", "stream", "the kind stream"), path, source)


def _body(counted: Counted) -> bytes:
    """What is sent: what stdin holds as it is, or one push."""
    if counted.model == STDIN:
        return sys.stdin.buffer.read()
    if counted.errors is None or counted.predictions is None:
        raise Invalid("Say how many answers were wrong, of how many.", hint="--errors 3 --of 40")
    told = {name: value for name, value in vars(counted).items() if value is not None}
    return json.dumps(told).encode()
