"""`tocsin alert`: tell the running bot of something, from a terminal, a cron line or a job."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cli.posting import Door, post
from bot.settings import span
from ops_core.errors import Invalid

STDIN = "-"


@dataclass(frozen=True)
class Words:
    """What was typed."""

    labels: Sequence[str]
    severity: str | None = None
    summary: str | None = None
    url: str | None = None
    lasts: str | None = None
    resolved: bool = False


def alert(path: Path | None, source: str | None, words: Words) -> int:
    """The exit code: 0 taken, 1 when trying again may help. Raises `Invalid` when it may not."""
    return post(_body(words), Door("TOCSIN_ALERT", "json", "our own JSON"), path, source)


def _body(words: Words) -> bytes:
    """What is sent: what stdin holds as it is, or one alert."""
    if list(words.labels) == [STDIN]:
        return sys.stdin.buffer.read()
    told = {
        "labels": dict(_label(each) for each in words.labels),
        "severity": words.severity,
        "summary": words.summary,
        "url": words.url,
        "status": "resolved" if words.resolved else None,
        "ends_at": None if words.lasts is None else (datetime.now(UTC) + _span(words.lasts)).isoformat(),
    }
    return json.dumps({name: value for name, value in told.items() if value}).encode()


def _label(typed: str) -> tuple[str, str]:
    name, sign, value = typed.partition("=")
    if not sign or not name:
        raise Invalid(
            f"“{typed}” is no label.", hint="Write labels as name=value, such as alertname=disk_full."
        )
    return name, value


def _span(typed: str) -> timedelta:
    try:
        found = span(typed)
    except ValueError as error:
        raise Invalid(f"--for {typed}: {error}.") from None
    if not isinstance(found, timedelta) or not found:
        raise Invalid("--for must be longer than nothing.")
    return found
