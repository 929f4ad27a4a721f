"""Messages that answer an interaction: through its response_url, or in the acknowledgement of a command."""

import json

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.workspace.calls import Call
from bot.workspace.content import read_content
from bot.workspace.core import Workspace
from bot.workspace.errors import Refused
from bot.workspace.messages import change, change_ephemeral, post, post_ephemeral, remove, remove_ephemeral
from bot.workspace.response_urls import ResponseUrl
from bot.workspace.state import Conversation, Json


async def serve(ws: Workspace, request: Request) -> Response:
    """Take one answer at a response_url."""
    try:
        payload = json.loads(await request.body() or b"{}")
        if not isinstance(payload, dict):
            raise Refused("invalid_payload")
        target = ws.response_urls.find(request.path_params["key"])
        answer(ws, target, payload)
        target.uses -= 1
    except ValueError:
        return PlainTextResponse("invalid_payload", status_code=400)
    except Refused as refusal:
        status = (
            404
            if refusal.code in ("expired_url", "used_url", "channel_not_found", "message_not_found")
            else 400
        )
        return Response(json.dumps(refusal.body()), status_code=status, media_type="application/json")
    return PlainTextResponse("ok")


def answer(ws: Workspace, target: ResponseUrl, payload: Json) -> None:
    """Post, replace or delete what the payload says, in the place where the interaction was."""
    conversation = ws.store.conversations[target.channel]
    call = Call(ws, "response_url", payload)
    if call.flag("delete_original"):
        _delete(ws, conversation, target)
        return
    content = read_content(call)
    if call.flag("replace_original") and target.message_ts:
        _replace(ws, conversation, target, content)
        return
    content = {"text": "", **content}
    if call.text("thread_ts"):
        content["thread_ts"] = call.text("thread_ts")
    if call.text("response_type") == "in_channel":
        post(ws, conversation, ws.bot, content)
    else:
        post_ephemeral(ws, conversation, ws.bot, target.user, content)


def _delete(ws: Workspace, conversation: Conversation, target: ResponseUrl) -> None:
    ts = _original(conversation, target)
    if target.is_ephemeral:
        remove_ephemeral(ws, conversation, ts)
    else:
        remove(ws, conversation, ts)


def _replace(ws: Workspace, conversation: Conversation, target: ResponseUrl, content: Json) -> None:
    ts = _original(conversation, target)
    if "blocks" not in content:
        content["blocks"] = None
    if target.is_ephemeral:
        change_ephemeral(ws, conversation, ts, content)
    else:
        change(ws, conversation, ts, content)


def _original(conversation: Conversation, target: ResponseUrl) -> str:
    ts = target.message_ts or ""
    if ts not in (conversation.ephemerals if target.is_ephemeral else conversation.messages):
        raise Refused("message_not_found")
    return ts
