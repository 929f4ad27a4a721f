"""conversations.history and conversations.replies: reading back what was said."""

from collections.abc import Iterable

from bot.workspace.calls import Call, Method
from bot.workspace.errors import Refused
from bot.workspace.paging import cursor_to, read_cursor
from bot.workspace.state import Json

MOST_MESSAGES = 999


def history(call: Call) -> Json:
    """What stands in a channel, newest first."""
    found = call.joined()
    after = read_cursor(call, "next_ts")
    messages = [m for m in _within(call, found.top_level()) if not after or m["ts"] < after]
    return {**_page(call, messages[::-1], []), "pin_count": len(found.pins)}


def replies(call: Call) -> Json:
    """A thread, oldest first, its parent at the head of every page."""
    found, ts = call.joined(), call.need("ts")
    if ts not in found.messages:
        raise Refused("thread_not_found")
    parent, *rest = found.thread(found.messages[ts].get("thread_ts", ts))
    after = read_cursor(call, "next_ts")
    return _page(call, [m for m in _within(call, rest) if m["ts"] > after], [parent])


def _page(call: Call, messages: list[Json], head: list[Json]) -> Json:
    limit = call.number("limit", 100, MOST_MESSAGES)
    shown, has_more = messages[:limit], len(messages) > limit
    answer = {"messages": _shaped(call, [*head, *shown]), "has_more": has_more}
    # A cursor names a moment, so that messages which come in the meantime shift nothing.
    return {**answer, **cursor_to("next_ts", shown[-1]["ts"])} if has_more else answer


def _within(call: Call, messages: Iterable[Json]) -> list[Json]:
    oldest, latest = _moment(call, "oldest", 0.0), _moment(call, "latest", float("inf"))
    if call.flag("inclusive"):
        return [m for m in messages if oldest <= float(m["ts"]) <= latest]
    return [m for m in messages if oldest < float(m["ts"]) < latest]


def _moment(call: Call, name: str, default: float) -> float:
    value = call.text(name)
    try:
        return float(value) if value and value != "now" else default
    except ValueError:
        raise Refused(f"invalid_ts_{name}") from None


def _shaped(call: Call, messages: Iterable[Json]) -> list[Json]:
    if call.flag("include_all_metadata"):
        return list(messages)
    return [{key: value for key, value in message.items() if key != "metadata"} for message in messages]


METHODS = (Method("conversations.history", history), Method("conversations.replies", replies))
