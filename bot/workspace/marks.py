"""pins.*, bookmarks.* and reactions.*: the marks that are put on channels and messages."""

import re
import time

from bot.workspace.calls import Call, Method
from bot.workspace.core import Workspace
from bot.workspace.errors import Refused
from bot.workspace.events import emit
from bot.workspace.messages import change, seen
from bot.workspace.people import Person
from bot.workspace.state import Conversation, Json

MOST_PINS = 100
MOST_BOOKMARKS = 100
MOST_REACTIONS = 23
_EMOJI = re.compile(r"[a-z0-9_+'\-]+(::skin-tone-[2-6])?")


def pin(ws: Workspace, conversation: Conversation, ts: str, by: Person, *, remove: bool = False) -> None:
    """Pin a message to its channel, or take the pin out."""
    message = conversation.messages.get(ts)
    if message is None:
        raise Refused("message_not_found")
    if remove != (ts in conversation.pins):
        raise Refused("no_pin" if remove else "already_pinned")
    if remove:
        del conversation.pins[ts]
    elif len(conversation.pins) >= MOST_PINS:
        raise Refused("too_many_pins")
    else:
        conversation.pins[ts] = {"created": int(time.time()), "created_by": by.id}
    change(ws, conversation, ts, {"pinned_to": None if remove else [conversation.id]}, silent=True)
    ws.feed.publish(
        {"type": "pins", "channel": conversation.id, "pins": list(conversation.pins)},
        ws.everyone(conversation),
    )
    item = {"type": "message", "channel": conversation.id, "message": message}
    event = {"type": "pin_removed" if remove else "pin_added", "user": by.id, "channel_id": conversation.id}
    emit(ws, {**event, "item": item, "item_user": message.get("user")}, conversation)


def react(
    ws: Workspace, conversation: Conversation, ts: str, name: str, by: Person, *, remove: bool = False
) -> None:
    """Put an emoji under a message, or take it away."""
    message = conversation.messages.get(ts)
    if message is None:
        raise Refused("message_not_found")
    if not _EMOJI.fullmatch(name):
        raise Refused("invalid_name")
    users = {r["name"]: list(r["users"]) for r in message.get("reactions", [])}
    if remove != (by.id in users.get(name, [])):
        raise Refused("no_reaction" if remove else "already_reacted")
    if remove:
        users[name].remove(by.id)
    elif name not in users and len(users) >= MOST_REACTIONS:
        raise Refused("too_many_emoji")
    else:
        users.setdefault(name, []).append(by.id)
    reactions = [{"name": n, "users": u, "count": len(u)} for n, u in users.items() if u]
    changed = change(ws, conversation, ts, {"reactions": reactions or None}, silent=True)
    shown = {"channel": conversation.id, "ts": ts, "message": seen(conversation, changed)}
    ws.feed.publish({"type": "reaction", "name": name, "user": by.id, **shown}, ws.everyone(conversation))
    item = {"type": "message", "channel": conversation.id, "ts": ts}
    event = {"type": "reaction_removed" if remove else "reaction_added", "user": by.id, "reaction": name}
    emit(ws, {**event, "item": item, "item_user": message.get("user")}, conversation)


def pins_add(call: Call) -> Json:
    """pins.add."""
    pin(call.workspace, call.joined(), call.need("timestamp", "no_item_specified"), call.workspace.bot)
    return {}


def pins_remove(call: Call) -> Json:
    """pins.remove."""
    ts = call.need("timestamp", "no_item_specified")
    pin(call.workspace, call.joined(), ts, call.workspace.bot, remove=True)
    return {}


def pins_list(call: Call) -> Json:
    """pins.list: the newest pin first."""
    found = call.joined()
    items = [
        {"type": "message", "channel": found.id, "message": found.messages[ts], **mark}
        for ts, mark in reversed(found.pins.items())
    ]
    return {"items": items}


def reactions_add(call: Call) -> Json:
    """reactions.add."""
    react(
        call.workspace,
        call.conversation(),
        call.need("timestamp", "no_item_specified"),
        call.need("name"),
        call.workspace.bot,
    )
    return {}


def reactions_remove(call: Call) -> Json:
    """reactions.remove."""
    ts = call.need("timestamp", "no_item_specified")
    react(call.workspace, call.conversation(), ts, call.need("name"), call.workspace.bot, remove=True)
    return {}


def reactions_get(call: Call) -> Json:
    """reactions.get."""
    found, ts = call.conversation(), call.need("timestamp", "no_item_specified")
    if ts not in found.messages:
        raise Refused("message_not_found")
    return {"type": "message", "channel": found.id, "message": found.messages[ts]}


def bookmarks_add(call: Call) -> Json:
    """bookmarks.add: links only."""
    found = call.joined("channel_id")
    if call.need("type") != "link":
        raise Refused("invalid_bookmark_type")
    if len(found.bookmarks) >= MOST_BOOKMARKS:
        raise Refused("too_many_bookmarks")
    bookmark = {
        "id": call.workspace.store.next_id("Bk"),
        "channel_id": found.id,
        "title": call.need("title"),
        "link": _link(call.text("link")),
        "emoji": call.text("emoji"),
        "type": "link",
        "date_created": int(time.time()),
        "last_updated_by_user_id": call.workspace.bot.id,
    }
    found.bookmarks.append(bookmark)
    _show_bookmarks(call.workspace, found)
    return {"bookmark": bookmark}


def bookmarks_edit(call: Call) -> Json:
    """bookmarks.edit."""
    found, bookmark = _bookmark(call)
    changed = {**bookmark, **{k: call.text(k) for k in ("title", "link", "emoji") if call.text(k)}}
    _link(changed["link"])
    found.bookmarks[found.bookmarks.index(bookmark)] = changed
    _show_bookmarks(call.workspace, found)
    return {"bookmark": changed}


def bookmarks_remove(call: Call) -> Json:
    """bookmarks.remove."""
    found, bookmark = _bookmark(call)
    found.bookmarks.remove(bookmark)
    _show_bookmarks(call.workspace, found)
    return {}


def bookmarks_list(call: Call) -> Json:
    """bookmarks.list."""
    return {"bookmarks": call.joined("channel_id").bookmarks}


def _bookmark(call: Call) -> tuple[Conversation, Json]:
    found, wanted = call.joined("channel_id"), call.need("bookmark_id")
    for bookmark in found.bookmarks:
        if bookmark["id"] == wanted:
            return found, bookmark
    raise Refused("not_found")


def _link(link: str) -> str:
    if not link.startswith(("http://", "https://")):
        raise Refused("invalid_link")
    return link


def _show_bookmarks(ws: Workspace, conversation: Conversation) -> None:
    event = {"type": "bookmarks", "channel": conversation.id, "bookmarks": list(conversation.bookmarks)}
    ws.feed.publish(event, ws.everyone(conversation))


METHODS = (
    Method("pins.add", pins_add),
    Method("pins.remove", pins_remove),
    Method("pins.list", pins_list),
    Method("reactions.add", reactions_add),
    Method("reactions.remove", reactions_remove),
    Method("reactions.get", reactions_get),
    Method("bookmarks.add", bookmarks_add),
    Method("bookmarks.edit", bookmarks_edit),
    Method("bookmarks.remove", bookmarks_remove),
    Method("bookmarks.list", bookmarks_list),
)
