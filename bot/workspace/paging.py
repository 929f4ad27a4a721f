"""Cursors: how Slack hands out long lists page by page."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.workspace.calls import Call
from bot.workspace.errors import Refused
from bot.workspace.state import Json

Item = TypeVar("Item")


def page(
    call: Call, items: Sequence[Item], *, default: int = 100, most: int = 1000
) -> tuple[list[Item], Json]:
    """One page of a list, and the `response_metadata` that leads to the next."""
    limit = call.number("limit", default, most)
    position = read_cursor(call, "next")
    if position and not position.isdigit():
        raise Refused("invalid_cursor")
    start = int(position or 0)
    end = start + limit
    return list(items[start:end]), cursor_to("next", str(end) if end < len(items) else "")


def cursor_to(word: str, place: str) -> Json:
    """The `response_metadata` with a cursor to a place, or none when the place is empty."""
    cursor = base64.b64encode(f"{word}:{place}".encode()).decode() if place else ""
    return {"response_metadata": {"next_cursor": cursor}}


def read_cursor(call: Call, word: str) -> str:
    """The place that the call's cursor leads to; empty when it has none."""
    cursor = call.text("cursor")
    if not cursor:
        return ""
    try:
        found, _, place = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Refused("invalid_cursor") from None
    if found != word or not place:
        raise Refused("invalid_cursor")
    return place
