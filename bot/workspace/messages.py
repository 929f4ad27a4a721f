"""Posting, changing and removing messages, whoever does it: the bot, a person or the workspace itself."""

import time
from typing import Any

from bot.workspace.core import Workspace
from bot.workspace.errors import Refused
from bot.workspace.events import emit_changed, emit_deleted, emit_message
from bot.workspace.people import Person
from bot.workspace.state import Conversation, Json
from bot.workspace.texts import called_in


def seen(conversation: Conversation, message: Json) -> Json:
    """A message as people get it: Slack's, with its channel."""
    return {**message, "channel": conversation.id}


def post(
    ws: Workspace, conversation: Conversation, author: Person, content: Json, *, broadcast: bool = False
) -> Json:
    """Add a message; `content` holds its text, blocks, thread_ts, metadata, subtype and so on."""
    ts = ws.store.timestamps.next()
    message = {
        "type": "message",
        "user": author.id,
        "ts": ts,
        "team": ws.team_id,
        **_signed(ws, author),
        **content,
    }
    thread_ts = message.get("thread_ts")
    if thread_ts and broadcast:
        message |= {"subtype": "thread_broadcast", "root": conversation.messages[thread_ts]}
    _store(conversation, message)
    conversation.last_read[author.id] = ts
    ws.feed.publish({"type": "message", **_feed(conversation, message)}, ws.everyone(conversation))
    if thread_ts:
        conversation.threads.setdefault(thread_ts, []).append(ts)
        _recount(ws, conversation, thread_ts)
    emit_message(ws, conversation, message)
    return message


def note(
    ws: Workspace, conversation: Conversation, author: Person, subtype: str, text: str, **more: Any
) -> Json:
    """A line that the workspace writes by itself, such as `<@U1> has joined the channel`."""
    return post(ws, conversation, author, {"subtype": subtype, "text": text, **more})


def change(
    ws: Workspace, conversation: Conversation, ts: str, changes: Json, *, silent: bool = False
) -> Json:
    """Replace parts of a message (a value of None removes the part); `silent`: the app is not told."""
    previous = conversation.messages[ts]
    message = {key: value for key, value in {**previous, **changes}.items() if value is not None}
    _store(conversation, message)
    ws.feed.publish({"type": "message_changed", **_feed(conversation, message)}, ws.everyone(conversation))
    if not silent:
        emit_changed(ws, conversation, message, previous)
    return message


def remove(ws: Workspace, conversation: Conversation, ts: str) -> None:
    """Delete a message; the parent of a thread leaves a tombstone, as in Slack."""
    previous = conversation.messages[ts]
    conversation.pins.pop(ts, None)
    if conversation.threads.get(ts):
        kept = (
            "type",
            "ts",
            "team",
            "thread_ts",
            "reply_count",
            "reply_users",
            "reply_users_count",
            "latest_reply",
        )
        stone = {key: previous[key] for key in kept if key in previous}
        gone = dict.fromkeys(previous.keys() - stone.keys())
        words = {
            "subtype": "tombstone",
            "user": "USLACKBOT",
            "text": "This message was deleted.",
            "hidden": True,
        }
        change(ws, conversation, ts, {**gone, **words})
        return
    del conversation.messages[ts]
    thread_ts = previous.get("thread_ts")
    ws.feed.publish(
        {"type": "message_deleted", "channel": conversation.id, "ts": ts}, ws.everyone(conversation)
    )
    if thread_ts and thread_ts != ts and thread_ts in conversation.messages:
        conversation.threads[thread_ts].remove(ts)
        _recount(ws, conversation, thread_ts)
    emit_deleted(ws, conversation, previous)


def post_ephemeral(
    ws: Workspace, conversation: Conversation, author: Person, user: str, content: Json
) -> Json:
    """A message that only one person sees, until they dismiss it."""
    ts = ws.store.timestamps.next()
    message = {
        "type": "message",
        "user": author.id,
        "ts": ts,
        "team": ws.team_id,
        **_signed(ws, author),
        **content,
    }
    message |= {"ephemeral": True, "is_ephemeral": True, "to": user}
    conversation.ephemerals[ts] = message
    ws.feed.publish({"type": "ephemeral", **_feed(conversation, message)}, [user])
    return message


def change_ephemeral(ws: Workspace, conversation: Conversation, ts: str, changes: Json) -> None:
    """Replace parts of an ephemeral message."""
    message = {**conversation.ephemerals[ts], **changes}
    conversation.ephemerals[ts] = {key: value for key, value in message.items() if value is not None}
    ws.feed.publish({"type": "ephemeral_changed", **_feed(conversation, message)}, [message["to"]])


def remove_ephemeral(ws: Workspace, conversation: Conversation, ts: str) -> None:
    """Take an ephemeral message away."""
    message = conversation.ephemerals.pop(ts)
    ws.feed.publish({"type": "ephemeral_deleted", "channel": conversation.id, "ts": ts}, [message["to"]])


def thread_parent(conversation: Conversation, thread_ts: str) -> None:
    """Refuse a `thread_ts` that no reply can be hung on."""
    if not _is_timestamp(thread_ts):
        raise Refused("invalid_thread_ts")
    parent = conversation.messages.get(thread_ts)
    if parent is None:
        raise Refused("thread_not_found")
    if parent.get("thread_ts", thread_ts) != thread_ts:
        raise Refused("cannot_reply_to_message")


def edited_by(user: str, ts: str) -> Json:
    """The mark of an edit."""
    return {"edited": {"user": user, "ts": ts}}


def _store(conversation: Conversation, message: Json) -> None:
    conversation.messages[message["ts"]] = message
    conversation.called[message["ts"]] = called_in(message)


def _is_timestamp(text: str) -> bool:
    seconds, _, micros = text.partition(".")
    return seconds.isdigit() and len(micros) == 6 and micros.isdigit()


def _feed(conversation: Conversation, message: Json) -> Json:
    return {"channel": conversation.id, "message": seen(conversation, message)}


def _signed(ws: Workspace, author: Person) -> Json:
    if not author.is_bot:
        return {"client_msg_id": ws.store.next_id("M")}
    profile = {"id": ws.bot_id, "name": ws.app.name, "app_id": ws.app_id, "team_id": ws.team_id}
    return {
        "bot_id": ws.bot_id,
        "app_id": ws.app_id,
        "bot_profile": {**profile, "deleted": False, "updated": int(time.time())},
    }


def _recount(ws: Workspace, conversation: Conversation, thread_ts: str) -> None:
    replies = [conversation.messages[t] for t in conversation.threads.get(thread_ts, ())]
    users = list(dict.fromkeys(reply["user"] for reply in replies))
    counts: Json = dict.fromkeys(
        ("thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply")
    )
    if replies:
        counts = {
            "thread_ts": thread_ts,
            "reply_count": len(replies),
            "reply_users": users[:5],
            "reply_users_count": len(users),
            "latest_reply": replies[-1]["ts"],
        }
    change(ws, conversation, thread_ts, counts, silent=True)
