"""What the app is told: Events API bodies, for subscribed events where the bot is a member."""

import time

from bot.workspace.core import Workspace
from bot.workspace.state import Conversation, Json

FAMILIES = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
CHANNEL_LETTERS = {"channel": "C", "group": "G", "im": "D", "mpim": "G"}


def emit(ws: Workspace, event: Json, conversation: Conversation | None = None) -> None:
    """Tell the app of an event, if it subscribed and (given a conversation) its bot is a member."""
    kind = str(event["type"])
    if kind == "message" and conversation is not None:
        kind = f"message.{FAMILIES[conversation.kind]}"
    if kind not in ws.app.events:
        return
    if conversation is not None and ws.bot.id not in conversation.members:
        return
    event = {**event, "event_ts": event.get("event_ts") or ws.store.timestamps.next()}
    ws.delivery.tell(_wrapped(ws, event))


def emit_message(ws: Workspace, conversation: Conversation, message: Json) -> None:
    """Tell of a new message, and of the bot being mentioned in it."""
    where = {"channel": conversation.id, "channel_type": conversation.kind, "event_ts": message["ts"]}
    shown = {key: value for key, value in message.items() if key != "metadata"}
    emit(ws, {**shown, **where}, conversation)
    mentioned = f"<@{ws.bot.id}>" in message.get("text", "")
    if mentioned and message.get("user") != ws.bot.id and not message.get("subtype"):
        kept = {
            k: v
            for k, v in shown.items()
            if k in ("user", "text", "ts", "thread_ts", "team", "client_msg_id")
        }
        where.pop("channel_type")
        emit(ws, {"type": "app_mention", **kept, **where}, conversation)


def emit_changed(ws: Workspace, conversation: Conversation, message: Json, previous: Json) -> None:
    """Tell of an edited message."""
    event = {
        "type": "message",
        "subtype": "message_changed",
        "message": message,
        "previous_message": previous,
    }
    _emit_hidden(ws, conversation, event)


def emit_deleted(ws: Workspace, conversation: Conversation, previous: Json) -> None:
    """Tell of a deleted message."""
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "deleted_ts": previous["ts"],
        "previous_message": previous,
    }
    _emit_hidden(ws, conversation, event)


def emit_member(ws: Workspace, conversation: Conversation, user: str, kind: str, inviter: str = "") -> None:
    """Tell of someone who joined or left (`member_joined_channel`, `member_left_channel`)."""
    event = {
        "type": kind,
        "user": user,
        "channel": conversation.id,
        "channel_type": CHANNEL_LETTERS[conversation.kind],
        "team": ws.team_id,
    }
    emit(ws, {**event, "inviter": inviter} if inviter else event, conversation)


def _emit_hidden(ws: Workspace, conversation: Conversation, event: Json) -> None:
    ts = ws.store.timestamps.next()
    where = {"channel": conversation.id, "channel_type": conversation.kind, "hidden": True}
    emit(ws, {**event, **where, "ts": ts, "event_ts": ts}, conversation)


def _wrapped(ws: Workspace, event: Json) -> Json:
    authorization = {
        "enterprise_id": None,
        "team_id": ws.team_id,
        "user_id": ws.bot.id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": "local",
        "team_id": ws.team_id,
        "context_team_id": ws.team_id,
        "context_enterprise_id": None,
        "api_app_id": ws.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": ws.store.next_id("Ev"),
        "event_time": int(time.time()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": f"4-{ws.store.next_id('EC')}",
    }
