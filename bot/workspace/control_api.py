"""What tests ask of the workspace: faults, dropped sockets, another delivery, and a look at everything."""

from collections.abc import Callable
from typing import Any

from bot.workspace.core import Workspace
from bot.workspace.limits import Limits
from bot.workspace.messages import seen
from bot.workspace.state import Json

REFRESH = ("refresh_requested", "warning", "link_disabled")


async def perform(ws: Workspace, method: str, what: str, body: Any) -> tuple[int, Json | list[Json]]:
    """Answer one control request: the HTTP status and the JSON."""
    body = body if isinstance(body, dict) else {}
    if method == "GET" and what in _LOOKS:
        return 200, _LOOKS[what](ws)
    if (method, what) == ("DELETE", "fault"):
        ws.faults.clear()
    elif (method, what) == ("DELETE", "calls"):
        ws.log.entries.clear()
    elif what in _WISHES:
        return _WISHES[what](ws, method, body)
    elif (method, what) == ("POST", "sockets/drop"):
        reason = body.get("reason")
        return 200, {"ok": True, "dropped": await ws.sockets.drop(reason if reason in REFRESH else None)}
    elif (method, what) == ("POST", "deliver"):
        return await _deliver(ws, body)
    elif (method, what) == ("POST", "duplicate"):
        ws.delivery.duplicates = int(body.get("times", 1))
    else:
        return 404, {"ok": False, "error": "unknown_control"}
    return 200, {"ok": True}


def transcript(ws: Workspace) -> Json:
    """Every conversation with every message; threads beneath their parents."""
    channels = []
    for conversation in ws.store.conversations.values():
        messages = [
            {
                **seen(conversation, m),
                "replies": [seen(conversation, r) for r in conversation.thread(m["ts"])[1:]],
            }
            for m in conversation.messages.values()
            if m.get("thread_ts", m["ts"]) == m["ts"]
        ]
        channels.append(
            {
                "id": conversation.id,
                "name": conversation.name,
                "topic": conversation.topic["value"],
                "is_archived": conversation.is_archived,
                "members": list(conversation.members),
                "pins": list(conversation.pins),
                "messages": messages,
                "ephemerals": [seen(conversation, m) for m in conversation.ephemerals.values()],
            }
        )
    return {"channels": channels}


def _fault(ws: Workspace, _method: str, body: Json) -> tuple[int, Json]:
    try:
        ws.faults.tell(body)
    except (ValueError, TypeError) as error:
        return 400, {"ok": False, "error": str(error)}
    return 200, {"ok": True}


def _limits(ws: Workspace, method: str, body: Json) -> tuple[int, Json]:
    """Keep Slack's limits from now on, or (DELETE) no more."""
    try:
        ws.limits = Limits.asked(body) if method == "POST" else None
    except (ValueError, TypeError) as error:
        return 400, {"ok": False, "error": str(error)}
    return 200, {"ok": True}


async def _deliver(ws: Workspace, body: Json) -> tuple[int, Json]:
    mode, url = body.get("mode"), str(body.get("url") or "")
    if mode == "socket":
        ws.delivery.url = ""
    elif mode == "http" and url.startswith("http"):
        if body.get("verify", True) and not await ws.delivery.verify(url):
            return 400, {"ok": False, "error": "url_did_not_respond_with_challenge"}
        ws.delivery.url = url
    else:
        return 400, {"ok": False, "error": "mode must be socket, or http with a url"}
    ws.feed.publish({"type": "app", "connected": ws.delivery.connected})
    return 200, {"ok": True}


_WISHES: dict[str, Callable[[Workspace, str, Json], tuple[int, Json]]] = {"fault": _fault, "limits": _limits}
_LOOKS: dict[str, Callable[[Workspace], Json | list[Json]]] = {
    "calls": lambda ws: list(ws.log.entries),
    "transcript": transcript,
    "sockets": lambda ws: ws.sockets.list(),
    "events": lambda ws: list(ws.event_log),
    "faults": lambda ws: [vars(fault) for fault in ws.faults.waiting],
    "health": lambda ws: {"ok": True, "connected": ws.delivery.connected, "seq": ws.feed.seq},
}
