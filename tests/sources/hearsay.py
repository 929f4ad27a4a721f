"""Recorded payloads, and what each parser makes of them at a fixed moment."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.sources.building import KINDS
from bot.sources.hearing import Hearing
from ops_core.alerts.heard import Heard
from ops_core.severity import Severity

PAYLOADS = Path(__file__).parents[1] / "payloads"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HEARING = Hearing("them", NOW, {"team": "ours"}, Severity.P2)


def payload(name: str) -> Any:
    """The JSON of a recorded request."""
    return json.loads(raw(name))


def raw(name: str) -> bytes:
    """Its body as it came."""
    return (PAYLOADS / f"{name}.json").read_bytes()


def heard(kind: str, document: Any, hearing: Hearing = HEARING) -> list[Heard]:
    """What the parser of a kind makes of JSON."""
    return KINDS[kind].parse(document, hearing)


def only(kind: str, document: Any) -> Heard:
    """The same, where it is one alert."""
    (found,) = heard(kind, document)
    return found
