"""Channels and direct messages: making, joining, naming and closing them, whoever does it."""

import time
from collections.abc import Sequence
from typing import Any

from bot.workspace.core import Workspace
from bot.workspace.errors import Refused
from bot.workspace.events import emit, emit_member
from bot.workspace.messages import note
from bot.workspace.people import Person
from bot.workspace.state import Conversation, Json

LONGEST_NAME = 80


def checked_name(ws: Workspace, name: str) -> str:
    """A channel name that Slack takes and that is still free."""
    if not name:
        raise Refused("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise Refused("invalid_name_maxlength")
    if not any(letter.isalnum() for letter in name):
        raise Refused("invalid_name_punctuation")
    if name != name.lower() or not all(letter.isalnum() or letter in "-_" for letter in name):
        raise Refused("invalid_name_specials")
    if ws.store.named(name) is not None:
        raise Refused("name_taken")
    return name


def described(ws: Workspace, conversation: Conversation) -> Json:
    """Slack's conversation object as the bot sees it."""
    kind = conversation.kind
    common = {
        "id": conversation.id,
        "created": conversation.created,
        "is_archived": conversation.is_archived,
        "is_im": kind == "im",
        "is_mpim": kind == "mpim",
        "is_org_shared": False,
        "context_team_id": ws.team_id,
    }
    if kind == "im":
        peers = [user for user in conversation.members if user != ws.bot.id]
        return {**common, "user": peers[0] if peers else ws.bot.id, "is_open": True}
    return {
        **common,
        "name": conversation.name,
        "name_normalized": conversation.name,
        "is_channel": kind == "channel",
        "is_group": kind == "group",
        "is_private": kind != "channel",
        "is_member": ws.bot.id in conversation.members,
        "is_general": conversation.name == "general",
        "is_shared": False,
        "creator": conversation.creator,
        "topic": conversation.topic,
        "purpose": conversation.purpose,
        "previous_names": conversation.previous_names,
        "num_members": len(conversation.members),
    }


def announce(ws: Workspace, conversation: Conversation, *more_people: str) -> None:
    """Tell pages that a channel came to be or changed."""
    audience = ws.everyone(conversation)
    summary = {
        "id": conversation.id,
        "name": conversation.name,
        "topic": conversation.topic["value"],
        "purpose": conversation.purpose["value"],
        "is_private": conversation.kind != "channel",
        "is_archived": conversation.is_archived,
        "is_im": conversation.kind == "im",
        "members": list(conversation.members),
    }
    event = {"type": "channel", "channel": summary}
    ws.feed.publish(event, audience if audience is None else [*audience, *more_people])


def create(ws: Workspace, name: str, creator: Person, *, is_private: bool = False) -> Conversation:
    """A new channel with its creator in it."""
    kind = "group" if is_private else "channel"
    checked_name(ws, name)
    channel = Conversation(ws.store.next_id("C"), name, kind, creator.id, int(time.time()))  # type: ignore[arg-type]  # one of two literals
    channel.members[creator.id] = None
    ws.store.conversations[channel.id] = channel
    announce(ws, channel)
    if not is_private:
        short = {"id": channel.id, "name": name, "created": channel.created, "creator": creator.id}
        emit(
            ws, {"type": "channel_created", "channel": {**short, "is_channel": True, "name_normalized": name}}
        )
    _welcome(ws, channel, creator)
    return channel


def join(ws: Workspace, conversation: Conversation, user: Person, inviter: str = "") -> bool:
    """Put someone into a channel; False when they were in it already."""
    if user.id in conversation.members:
        return False
    conversation.members[user.id] = None
    announce(ws, conversation)
    _welcome(ws, conversation, user, inviter)
    return True


def leave(ws: Workspace, conversation: Conversation, user: Person) -> None:
    """Take someone out of a channel."""
    if user.id == ws.bot.id:  # the bot hears of it, although it is out afterwards
        emit_member(ws, conversation, user.id, "member_left_channel")
    del conversation.members[user.id]
    announce(ws, conversation, user.id)
    kind = "channel_leave" if conversation.is_public else "group_leave"
    note(ws, conversation, user, kind, f"<@{user.id}> has left the channel")
    emit_member(ws, conversation, user.id, "member_left_channel")


def invite(ws: Workspace, conversation: Conversation, users: Sequence[str], inviter: Person) -> list[Json]:
    """Put several people into a channel; a list of what is wrong with them when anything is."""
    wrong = [_wrong_invitee(ws, conversation, user, inviter) for user in users]
    errors = [
        {"user": user, "ok": False, "error": code} for user, code in zip(users, wrong, strict=True) if code
    ]
    if not errors:
        for user in users:
            join(ws, conversation, ws.store.people[user], inviter.id)
    return errors


def set_text(ws: Workspace, conversation: Conversation, part: str, value: str, by: Person) -> None:
    """Set the `topic` or the `purpose`."""
    setattr(conversation, part, {"value": value, "creator": by.id, "last_set": int(time.time())})
    announce(ws, conversation)
    what = "topic" if part == "topic" else "description"
    text = (
        f"<@{by.id}> set the channel {what}: {value}" if value else f"<@{by.id}> cleared the channel {what}"
    )
    extra: dict[str, Any] = {part: value}
    note(ws, conversation, by, f"{'channel' if conversation.is_public else 'group'}_{part}", text, **extra)


def rename(ws: Workspace, conversation: Conversation, name: str, by: Person) -> None:
    """Give a channel another free name."""
    checked_name(ws, name)
    old, conversation.name = conversation.name, name
    conversation.previous_names.append(old)
    announce(ws, conversation)
    family = "channel" if conversation.is_public else "group"
    text = f"<@{by.id}> has renamed the channel from “{old}” to “{name}”"
    note(ws, conversation, by, f"{family}_name", text, old_name=old, name=name)
    renamed = {"id": conversation.id, "name": name, "name_normalized": name, "created": conversation.created}
    _emit_about(ws, conversation, {"type": f"{family}_rename", "channel": renamed})


def set_archived(ws: Workspace, conversation: Conversation, by: Person, *, archived: bool) -> None:
    """Close a channel, or open it again."""
    family = "channel" if conversation.is_public else "group"
    verb = "archive" if archived else "unarchive"
    note(ws, conversation, by, f"{family}_{verb}", f"<@{by.id}> {verb}d the channel")
    conversation.is_archived = archived
    announce(ws, conversation)
    _emit_about(ws, conversation, {"type": f"{family}_{verb}", "channel": conversation.id, "user": by.id})


def open_direct(ws: Workspace, users: Sequence[str]) -> Conversation:
    """The direct message of these people, made when there is none."""
    found = ws.store.direct(users)
    if found is not None:
        return found
    names = sorted(ws.store.user(user).name for user in users)
    kind, prefix = ("im", "D") if len(names) <= 2 else ("mpim", "G")
    name = "" if kind == "im" else f"mpdm-{'--'.join(names)}-1"
    direct = Conversation(ws.store.next_id(prefix), name, kind, users[0], int(time.time()))  # type: ignore[arg-type]  # one of two literals
    direct.members = dict.fromkeys(users)
    ws.store.conversations[direct.id] = direct
    announce(ws, direct)
    return direct


def _emit_about(ws: Workspace, conversation: Conversation, event: Json) -> None:
    emit(ws, event, None if conversation.is_public else conversation)


def _welcome(ws: Workspace, conversation: Conversation, user: Person, inviter: str = "") -> None:
    kind = "channel_join" if conversation.is_public else "group_join"
    more = {"inviter": inviter} if inviter else {}
    note(ws, conversation, user, kind, f"<@{user.id}> has joined the channel", **more)
    emit_member(ws, conversation, user.id, "member_joined_channel", inviter)


def _wrong_invitee(ws: Workspace, conversation: Conversation, user: str, inviter: Person) -> str:
    if user == inviter.id:
        return "cant_invite_self"
    if user not in ws.store.people:
        return "user_not_found"
    return "already_in_channel" if user in conversation.members else ""
