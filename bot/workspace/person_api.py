"""What a person can do, over HTTP, for the page, the tests and the played story."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.workspace import conversations, events, interactions, marks, messages, person_views
from bot.workspace.core import Workspace
from bot.workspace.errors import Refused
from bot.workspace.modals import View
from bot.workspace.people import Person
from bot.workspace.state import Conversation, Json
from bot.workspace.texts import typed


@dataclass
class Act:
    """One request of a person: who, and the fields that came with it."""

    ws: Workspace
    me: Person
    body: Json

    def text(self, name: str) -> str:
        """A string, empty when absent."""
        return str(self.body.get(name) or "")

    def conversation(self, *, joined: bool = False) -> Conversation:
        """The conversation named by `channel` (id or name), if this person can see it."""
        store, wanted = self.ws.store, self.text("channel")
        found = store.conversations.get(wanted) or store.named(wanted)
        if found is None or not (found.is_public or self.me.id in found.members):
            raise Refused("channel_not_found")
        if joined and self.me.id not in found.members:
            raise Refused("not_in_channel")
        if joined and found.is_archived:
            raise Refused("is_archived")
        return found

    def view(self) -> View:
        """The open modal or Home tab named by `view_id`."""
        found = self.ws.modals.find(self.text("view_id"))
        if found is None or found.user != self.me.id:
            raise Refused("view_not_found")
        return found


async def say(act: Act) -> Json:
    """Write a message."""
    conversation, text, thread_ts = act.conversation(joined=True), act.text("text"), act.text("thread_ts")
    if not text.strip():
        raise Refused("no_text")
    content: Json = {"text": typed(act.ws.store, text)}
    if thread_ts:
        messages.thread_parent(conversation, thread_ts)
        content["thread_ts"] = thread_ts
    message = messages.post(act.ws, conversation, act.me, content)
    return {"ts": message["ts"], "message": messages.seen(conversation, message)}


async def command(act: Act) -> Json:
    """Type a slash command."""
    return await interactions.command(
        act.ws, act.me, act.conversation(), act.text("command"), act.text("text")
    )


async def press(act: Act) -> Json:
    """Use a button, menu or other element, in a message or a view."""
    values = act.body.get("values") or {}
    if act.text("view_id"):
        return await interactions.press_in_view(act.ws, act.me, act.view(), act.body, values)
    conversation, ts = act.conversation(), act.text("message_ts")
    return await interactions.press_in_message(act.ws, act.me, conversation, ts, act=act.body, values=values)


async def submit(act: Act) -> Json:
    """Submit a modal."""
    return await interactions.submit(act.ws, act.me, act.view(), act.body.get("values") or {})


async def close(act: Act) -> Json:
    """Close a modal."""
    return await interactions.closed(act.ws, act.me, act.view())


async def options(act: Act) -> Json:
    """Ask for the options of an external menu."""
    element = {"block_id": act.text("block_id"), "action_id": act.text("action_id")}
    if act.text("view_id"):
        view = act.view()
        place: Json = {"container": {"type": "view", "view_id": view.id}, "view": interactions.filled(view)}
    else:
        conversation, ts = act.conversation(), act.text("message_ts")
        container = {
            "type": "message",
            "message_ts": ts,
            "channel_id": conversation.id,
            "is_ephemeral": False,
        }
        place = {"container": container, "channel": {"id": conversation.id, "name": conversation.name}}
        place["message"] = conversation.messages.get(ts)
    return await interactions.options(act.ws, act.me, place, element, act.text("value"))


async def shortcut(act: Act) -> Json:
    """Choose a shortcut, globally or on a message."""
    where = act.conversation() if act.text("channel") else None
    return await interactions.shortcut(act.ws, act.me, act.text("callback_id"), where, act.text("message_ts"))


async def react(act: Act) -> Json:
    """Add or take back an emoji."""
    remove = bool(act.body.get("remove"))
    marks.react(
        act.ws, act.conversation(), act.text("ts"), act.text("name").strip(":"), act.me, remove=remove
    )
    return {}


async def pin(act: Act) -> Json:
    """Pin a message, or take the pin out."""
    marks.pin(
        act.ws, act.conversation(joined=True), act.text("ts"), act.me, remove=bool(act.body.get("remove"))
    )
    return {}


async def join(act: Act) -> Json:
    """Join a public channel."""
    conversation = act.conversation()
    if conversation.is_archived:
        raise Refused("is_archived")
    conversations.join(act.ws, conversation, act.me)
    return {}


async def leave(act: Act) -> Json:
    """Leave a channel."""
    conversations.leave(act.ws, act.conversation(joined=True), act.me)
    return {}


async def invite(act: Act) -> Json:
    """Put someone else (the bot, for example) into a channel."""
    invited = act.ws.store.person(act.text("user"))
    errors = conversations.invite(
        act.ws, act.conversation(joined=True), [invited.id if invited else ""], act.me
    )
    if errors:
        raise Refused(errors[0]["error"])
    return {}


async def create(act: Act) -> Json:
    """Make a channel."""
    is_private = bool(act.body.get("is_private"))
    channel = conversations.create(act.ws, act.text("name"), act.me, is_private=is_private)
    return {"channel": person_views.channel(act.ws, channel, act.me)}


async def archive(act: Act) -> Json:
    """Archive a channel."""
    conversations.set_archived(act.ws, act.conversation(joined=True), act.me, archived=True)
    return {}


async def open_direct(act: Act) -> Json:
    """Open the direct message with someone."""
    other = act.ws.store.person(act.text("user"))
    if other is None:
        raise Refused("user_not_found")
    direct = conversations.open_direct(act.ws, [act.me.id, other.id])
    return {"channel": person_views.channel(act.ws, direct, act.me)}


async def home_opened(act: Act) -> Json:
    """Look at the app's Home tab."""
    direct = conversations.open_direct(act.ws, [act.me.id, act.ws.bot.id])
    event: Json = {"type": "app_home_opened", "user": act.me.id, "channel": direct.id, "tab": "home"}
    home = act.ws.modals.homes.get(act.me.id)
    if home is not None:
        event["view"] = interactions.filled(home)
    events.emit(act.ws, event)
    return {"view": home.payload if home else None}


async def read(act: Act) -> Json:
    """Mark a channel as read up to a message."""
    act.conversation().last_read[act.me.id] = act.text("ts")
    return {}


async def dismiss(act: Act) -> Json:
    """Take an ephemeral message away."""
    conversation, ts = act.conversation(), act.text("ts")
    if conversation.ephemerals.get(ts, {}).get("to") != act.me.id:
        raise Refused("message_not_found")
    messages.remove_ephemeral(act.ws, conversation, ts)
    return {}


async def delete(act: Act) -> Json:
    """Delete one's own message."""
    conversation, ts = act.conversation(), act.text("ts")
    if conversation.messages.get(ts, {}).get("user") != act.me.id:
        raise Refused("cant_delete_message")
    messages.remove(act.ws, conversation, ts)
    return {}


ACTS: dict[str, Callable[[Act], Awaitable[Json]]] = {
    "message": say,
    "command": command,
    "press": press,
    "submit": submit,
    "close": close,
    "options": options,
    "shortcut": shortcut,
    "react": react,
    "pin": pin,
    "join": join,
    "leave": leave,
    "invite": invite,
    "create": create,
    "archive": archive,
    "open": open_direct,
    "home_opened": home_opened,
    "read": read,
    "dismiss": dismiss,
    "delete": delete,
}


async def perform(ws: Workspace, name: str, body: Any) -> tuple[int, Json]:
    """Do one of the acts; the HTTP status and the JSON answer."""
    act = ACTS.get(name)
    if act is None or not isinstance(body, dict):
        return 404, {"ok": False, "error": "unknown_act"}
    me = ws.store.person(str(body.get("as") or ""))
    if me is None or me.is_bot:
        return 400, {"ok": False, "error": "unknown_person"}
    try:
        return 200, {"ok": True, **await act(Act(ws, me, body))}
    except Refused as refusal:
        return 200, {"message": "", **refusal.body()}
