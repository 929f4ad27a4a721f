"""What a person sees: the workspace, a channel and a thread as JSON for the page."""

from bot.workspace.core import Workspace
from bot.workspace.messages import seen
from bot.workspace.people import Person
from bot.workspace.state import Conversation, Json, is_top_level


def workspace(ws: Workspace, me: Person) -> Json:
    """Everything around the conversation: people, channels, the app."""
    return {
        "team": {"id": ws.team_id, "name": ws.name},
        "me": me.id,
        "users": [_user(person) for person in ws.store.people.values()],
        "channels": [channel(ws, c, me) for c in ws.store.visible(me.id)],
        "apps": [_app(ws)],
        "groups": [
            {"id": g.id, "handle": g.handle, "name": g.name, "users": g.users} for g in ws.store.groups
        ],
        "connected": ws.delivery.connected,
        "seq": ws.feed.seq,
    }


def channel(ws: Workspace, conversation: Conversation, me: Person) -> Json:
    """One line of the channel list."""
    unread, mentions = _unread(conversation, me)
    peers = [user for user in conversation.members if user != me.id] if conversation.is_direct else []
    return {
        "id": conversation.id,
        "name": conversation.name or ", ".join(ws.store.people[user].name for user in peers),
        "topic": conversation.topic["value"],
        "purpose": conversation.purpose["value"],
        "is_private": conversation.kind != "channel",
        "is_archived": conversation.is_archived,
        "is_member": me.id in conversation.members,
        "members": list(conversation.members),
        "unread": unread,
        "mentions": mentions,
        "is_im": conversation.kind == "im",
        "peer": peers[0] if len(peers) == 1 else None,
        "created": conversation.created,
        "creator": conversation.creator,
    }


def conversation_page(ws: Workspace, conversation: Conversation, me: Person) -> Json:
    """A channel with its messages, oldest first, and this person's ephemeral ones in between."""
    mine = [m for m in conversation.ephemerals.values() if m["to"] == me.id and not m.get("thread_ts")]
    messages = sorted([*conversation.top_level(), *mine], key=lambda message: message["ts"])
    return {
        "channel": channel(ws, conversation, me),
        "messages": [seen(conversation, message) for message in messages],
        "pins": list(conversation.pins),
        "bookmarks": conversation.bookmarks,
        "members": list(conversation.members),
    }


def thread_page(conversation: Conversation, ts: str, me: Person) -> Json:
    """A thread: its parent and the replies, oldest first."""
    parent, *replies = conversation.thread(ts)
    mine = [m for m in conversation.ephemerals.values() if m["to"] == me.id and m.get("thread_ts") == ts]
    ordered = sorted([*replies, *mine], key=lambda message: message["ts"])
    return {"messages": [seen(conversation, message) for message in (parent, *ordered)]}


def _unread(conversation: Conversation, me: Person) -> tuple[int, int]:
    if me.id not in conversation.members:
        return 0, 0
    since = conversation.last_read.get(me.id, "")
    fresh = [m for m in conversation.messages.values() if m["ts"] > since and m.get("user") != me.id]
    mine = {me.id, "channel", "here", "everyone"}
    mentions = [
        m for m in fresh if conversation.is_direct or not mine.isdisjoint(conversation.called[m["ts"]])
    ]
    return sum(is_top_level(m) for m in fresh), len(mentions)


def _user(person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "title": person.title,
        "is_bot": person.is_bot,
        "avatar": {"initials": person.initials, "color": person.color},
    }


def _app(ws: Workspace) -> Json:
    commands = [
        {key: c.get(key, "") for key in ("command", "description", "usage_hint")} for c in ws.app.commands
    ]
    shortcuts = [{key: s.get(key, "") for key in ("callback_id", "name", "type")} for s in ws.app.shortcuts]
    return {
        "id": ws.app_id,
        "name": ws.app.name,
        "bot_user_id": ws.bot.id,
        "home_tab": ws.app.home_tab,
        "commands": commands,
        "shortcuts": shortcuts,
    }
