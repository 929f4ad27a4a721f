"""chat.*: the bot posts, edits and deletes its messages."""

from bot.workspace.calls import Call, Method
from bot.workspace.content import read_content
from bot.workspace.conversations import open_direct
from bot.workspace.errors import Refused
from bot.workspace.messages import change, edited_by, post, post_ephemeral, remove, thread_parent
from bot.workspace.state import Conversation, Json

LONGEST_EDIT = 4_000


def post_message(call: Call) -> Json:
    """chat.postMessage: to a channel id, a #name, or a person's id."""
    conversation = _destination(call)
    content = read_content(call)
    if any(call.args.get(name) for name in ("username", "icon_url", "icon_emoji")):
        call.require(("chat:write.customize",))
        content |= {
            name: call.text(name) for name in ("username", "icon_url", "icon_emoji") if call.text(name)
        }
    if thread_ts := call.text("thread_ts"):
        thread_parent(conversation, thread_ts)
        content["thread_ts"] = thread_ts
    message = post(
        call.workspace,
        conversation,
        call.workspace.bot,
        {"text": "", **content},
        broadcast=call.flag("reply_broadcast"),
    )
    return {"channel": conversation.id, "ts": message["ts"], "message": message}


def update(call: Call) -> Json:
    """chat.update: text without blocks removes the blocks, as Slack documents."""
    conversation, ts = _own_message(call, "cant_update_message")
    changes = read_content(call, longest_text=LONGEST_EDIT)
    if changes.get("text") and "blocks" not in changes:
        changes["blocks"] = None
        changes |= edited_by(call.workspace.bot_id, call.workspace.store.timestamps.next())
    message = change(call.workspace, conversation, ts, changes)
    return {"channel": conversation.id, "ts": ts, "text": message.get("text", ""), "message": message}


def delete(call: Call) -> Json:
    """chat.delete: only the bot's own messages."""
    conversation, ts = _own_message(call, "cant_delete_message")
    remove(call.workspace, conversation, ts)
    return {"channel": conversation.id, "ts": ts}


def ephemeral(call: Call) -> Json:
    """chat.postEphemeral: to one member of the channel."""
    conversation, user = _destination(call), call.need("user")
    if user not in conversation.members:
        raise Refused("user_not_in_channel")
    content = read_content(call)
    if thread_ts := call.text("thread_ts"):
        thread_parent(conversation, thread_ts)
        content["thread_ts"] = thread_ts
    message = post_ephemeral(call.workspace, conversation, call.workspace.bot, user, {"text": "", **content})
    return {"message_ts": message["ts"]}


def permalink(call: Call) -> Json:
    """chat.getPermalink: a link that the local page understands."""
    conversation, ts = call.conversation(), call.need("message_ts")
    message = conversation.messages.get(ts)
    if message is None:
        raise Refused("message_not_found")
    link = f"{call.workspace.url}/archives/{conversation.id}/p{ts.replace('.', '')}"
    if message.get("thread_ts", ts) != ts:
        link += f"?thread_ts={message['thread_ts']}&cid={conversation.id}"
    return {"channel": conversation.id, "permalink": link}


def _destination(call: Call) -> Conversation:
    wanted, ws = call.need("channel", "channel_not_found"), call.workspace
    if wanted in ws.store.people and wanted != ws.bot.id:
        return open_direct(ws, [ws.bot.id, wanted])
    conversation = call.conversation(by_name=True)
    if conversation.is_archived:
        raise Refused("is_archived")
    may_post = conversation.is_public and "chat:write.public" in ws.app.scopes
    if ws.bot.id not in conversation.members and not may_post:
        raise Refused("not_in_channel")
    return conversation


def _own_message(call: Call, code: str) -> tuple[Conversation, str]:
    conversation, ts = call.conversation(), call.need("ts")
    message = conversation.messages.get(ts)
    if message is None:
        raise Refused("message_not_found")
    if message.get("user") != call.workspace.bot.id:
        raise Refused(code)
    if conversation.is_archived:
        raise Refused("is_archived")
    return conversation, ts


METHODS = (
    Method("chat.postMessage", post_message),
    Method("chat.update", update),
    Method("chat.delete", delete),
    Method("chat.postEphemeral", ephemeral),
    Method("chat.getPermalink", permalink),
)
