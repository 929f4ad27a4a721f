"""conversations.*: what the bot may do with channels."""

from bot.workspace import conversations
from bot.workspace.calls import Call, Method
from bot.workspace.errors import Refused, invalid
from bot.workspace.paging import page
from bot.workspace.scopes import needed_scopes
from bot.workspace.state import Conversation, Json

LONGEST_TOPIC = 250
TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def create(call: Call) -> Json:
    """conversations.create."""
    is_private = call.flag("is_private")
    call.require(("groups:write",) if is_private else ("channels:manage",))
    ws = call.workspace
    channel = conversations.create(ws, call.text("name"), ws.bot, is_private=is_private)
    return {"channel": conversations.described(ws, channel)}


def info(call: Call) -> Json:
    """conversations.info."""
    found = call.conversation()
    described = conversations.described(call.workspace, found)
    if not call.flag("include_num_members"):
        described.pop("num_members", None)
    return {"channel": described}


def list_all(call: Call) -> Json:
    """conversations.list: every channel of the types asked for that the bot can see."""
    ws = call.workspace
    kinds = _kinds(call)
    found = [c for c in ws.store.visible(ws.bot.id) if c.kind in kinds]
    if call.flag("exclude_archived"):
        found = [c for c in found if not c.is_archived]
    shown, more = page(call, found)
    return {"channels": [conversations.described(ws, c) for c in shown], **more}


def list_mine(call: Call) -> Json:
    """users.conversations: those that the bot (or a user) is in."""
    ws = call.workspace
    kinds, user = _kinds(call), call.text("user") or ws.bot.id
    found = [c for c in ws.store.visible(ws.bot.id) if c.kind in kinds and user in c.members]
    shown, more = page(call, found)
    return {"channels": [conversations.described(ws, c) for c in shown], **more}


def members(call: Call) -> Json:
    """conversations.members."""
    shown, more = page(call, list(call.conversation().members))
    return {"members": shown, **more}


def invite(call: Call) -> Json:
    """conversations.invite: all of the people, or (with `force`) those that can be invited."""
    ws, channel = call.workspace, _active(call, joined=True)
    users = call.names("users")
    if not users:
        raise Refused("no_user")
    if len(users) > 100:
        raise Refused("too_many_users")
    errors = conversations.invite(ws, channel, users, ws.bot)
    if errors and call.flag("force"):
        wrong = {error["user"] for error in errors}
        conversations.invite(ws, channel, [user for user in users if user not in wrong], ws.bot)
    if errors and not (call.flag("force") and len(errors) < len(users)):
        raise Refused(errors[0]["error"], errors=errors)
    return {"channel": conversations.described(ws, channel), **({"errors": errors} if errors else {})}


def join(call: Call) -> Json:
    """conversations.join: public channels only."""
    ws, channel = call.workspace, _active(call)
    if channel.is_direct or not channel.is_public:
        raise Refused("method_not_supported_for_channel_type")
    warning = {} if conversations.join(ws, channel, ws.bot) else {"warning": "already_in_channel"}
    return {"channel": conversations.described(ws, channel), **warning}


def kick(call: Call) -> Json:
    """conversations.kick."""
    ws, channel, user = call.workspace, _active(call, joined=True), call.need("user")
    if user == ws.bot.id:
        raise Refused("cant_kick_self")
    person = ws.store.user(user)
    if user not in channel.members:
        raise Refused("not_in_channel")
    conversations.leave(ws, channel, person)
    return {}


def leave(call: Call) -> Json:
    """conversations.leave."""
    ws, channel = call.workspace, _active(call)
    if ws.bot.id not in channel.members:
        return {"not_in_channel": True}
    if channel.name == "general":
        raise Refused("cant_leave_general")
    conversations.leave(ws, channel, ws.bot)
    return {}


def set_topic(call: Call) -> Json:
    """conversations.setTopic: at most 250 characters."""
    return _set_text(call, "topic")


def set_purpose(call: Call) -> Json:
    """conversations.setPurpose: at most 250 characters."""
    return _set_text(call, "purpose")


def rename(call: Call) -> Json:
    """conversations.rename."""
    ws, channel = call.workspace, _active(call, joined=True)
    conversations.rename(ws, channel, call.text("name"), ws.bot)
    return {"channel": conversations.described(ws, channel)}


def archive(call: Call) -> Json:
    """conversations.archive."""
    channel = call.joined()
    if channel.is_direct:
        raise Refused("method_not_supported_for_channel_type")
    if channel.name == "general":
        raise Refused("cant_archive_general")
    if channel.is_archived:
        raise Refused("already_archived")
    conversations.set_archived(call.workspace, channel, call.workspace.bot, archived=True)
    return {}


def unarchive(call: Call) -> Json:
    """conversations.unarchive."""
    channel = call.joined()
    if not channel.is_archived:
        raise Refused("not_archived")
    conversations.set_archived(call.workspace, channel, call.workspace.bot, archived=False)
    return {}


def open_one(call: Call) -> Json:
    """conversations.open: a direct message with one to eight people."""
    ws, users = call.workspace, call.names("users")
    if call.text("channel"):
        direct = call.conversation()
    elif not users or len(users) > 8:
        raise Refused("users_list_not_supplied" if not users else "too_many_users")
    else:
        call.require(("im:write",) if len(users) == 1 else ("mpim:write",))
        direct = conversations.open_direct(ws, [ws.bot.id, *(ws.store.user(user).id for user in users)])
    shown = conversations.described(ws, direct) if call.flag("return_im") else {"id": direct.id}
    return {"channel": shown}


def _active(call: Call, *, joined: bool = False) -> Conversation:
    found = call.conversation()
    if found.is_archived:
        raise Refused("is_archived")
    if joined:
        call.joined()
        if found.is_direct:
            raise Refused("method_not_supported_for_channel_type")
    return found


def _set_text(call: Call, part: str) -> Json:
    ws, channel, value = call.workspace, _active(call, joined=True), call.text(part)
    if len(value) > LONGEST_TOPIC:
        raise Refused("too_long")
    conversations.set_text(ws, channel, part, value, ws.bot)
    return {"channel": conversations.described(ws, channel), part: value}


def _kinds(call: Call) -> set[str]:
    types = call.names("types") or ["public_channel"]
    if unknown := [name for name in types if name not in TYPES]:
        raise invalid(f"unknown type: {unknown[0]} [json-pointer:/types]", code="invalid_types")
    for name in types:
        call.require(needed_scopes(call.method, TYPES[name]))
    return {TYPES[name] for name in types}


METHODS = (
    Method("conversations.create", create),
    Method("conversations.info", info),
    Method("conversations.list", list_all),
    Method("users.conversations", list_mine),
    Method("conversations.members", members),
    Method("conversations.invite", invite),
    Method("conversations.join", join),
    Method("conversations.kick", kick),
    Method("conversations.leave", leave),
    Method("conversations.setTopic", set_topic),
    Method("conversations.setPurpose", set_purpose),
    Method("conversations.rename", rename),
    Method("conversations.archive", archive),
    Method("conversations.unarchive", unarchive),
    Method("conversations.open", open_one),
)
