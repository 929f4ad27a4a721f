"""Files: Slack's three-step upload, and handing them out again."""

import mimetypes
import secrets
import time

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.workspace.calls import Call, Method
from bot.workspace.content import checked_blocks
from bot.workspace.core import Workspace
from bot.workspace.errors import Refused, invalid
from bot.workspace.messages import post, thread_parent
from bot.workspace.state import Conversation, Json
from bot.workspace.uploads import Upload

LARGEST_FILE = 50_000_000


def upload_url(call: Call) -> Json:
    """files.getUploadURLExternal: step one."""
    ws, name, length = call.workspace, call.need("filename"), call.text("length")
    if not length.isdigit() or not 0 < int(length) <= LARGEST_FILE:
        raise invalid("length must be a positive number of bytes [json-pointer:/length]")
    file_id, key = ws.store.next_id("F"), secrets.token_urlsafe(16)
    mimetype = mimetypes.guess_type(name)[0] or "text/plain"
    url = f"{ws.url}/files/{file_id}/{name}"
    file = {
        "id": file_id,
        "created": int(time.time()),
        "timestamp": int(time.time()),
        "name": name,
        "title": name,
        "mimetype": mimetype,
        "filetype": name.rpartition(".")[2].lower(),
        "user": ws.bot.id,
        "mode": "hosted",
        "size": int(length),
        "alt_txt": call.text("alt_txt"),
        "url_private": url,
        "url_private_download": url,
        "permalink": url,
        "is_public": False,
        "channels": [],
    }
    ws.uploads[key] = Upload(file, int(length))
    return {"upload_url": f"{ws.url}/upload/{key}", "file_id": file_id}


def complete(call: Call) -> Json:
    """files.completeUploadExternal: step three, sharing the files into a channel when one is named."""
    ws, wanted = call.workspace, call.structure("files")
    if not isinstance(wanted, list) or not wanted:
        raise invalid("missing required field: files")
    done = [_finished(ws, str(item.get("id")), item.get("title")) for item in wanted]
    channels = call.names("channels") or call.names("channel_id")
    targets = [_target(call, channel) for channel in channels]
    thread_ts = call.text("thread_ts")
    if thread_ts:
        thread_parent(targets[0], thread_ts)
    blocks = call.structure("blocks")
    content: Json = {
        "subtype": "file_share",
        "text": call.text("initial_comment"),
        "files": done,
        "upload": True,
    }
    if blocks:
        content["blocks"] = checked_blocks(ws, blocks)
    if thread_ts:
        content["thread_ts"] = thread_ts
    for target in targets:
        for file in done:
            file["channels"].append(target.id)
        post(ws, target, ws.bot, content)
    return {"files": done}


def info(call: Call) -> Json:
    """files.info."""
    return {"file": _file(call), "comments": [], "response_metadata": {"next_cursor": ""}}


def delete(call: Call) -> Json:
    """files.delete."""
    file = _file(call)
    del call.workspace.store.files[file["id"]]
    return {}


async def receive(ws: Workspace, request: Request) -> Response:
    """Step two: the bytes, raw or as the one part of a form."""
    upload = ws.uploads.get(request.path_params["key"])
    if upload is None or upload.content is not None:
        return PlainTextResponse("unknown or used upload url", status_code=404)
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        form = await request.form()
        part = next(iter(form.values()))
        content = part.encode() if isinstance(part, str) else await part.read()
    else:
        content = await request.body()
    if len(content) != upload.length:
        return PlainTextResponse(f"expected {upload.length} bytes, got {len(content)}", status_code=400)
    upload.content = content
    return PlainTextResponse(f"OK - {len(content)}")


def hand_out(ws: Workspace, request: Request) -> Response:
    """A file, images shown in place and everything else as a download."""
    file_id = request.path_params["file_id"]
    file, upload = ws.store.files.get(file_id), _upload_of(ws, file_id)
    if file is None or upload is None or upload.content is None:
        return PlainTextResponse("no such file", status_code=404)
    mimetype = str(file["mimetype"])
    is_picture = mimetype.startswith("image/") and mimetype != "image/svg+xml"  # an SVG may carry a script
    shown = "inline" if is_picture else "attachment"
    headers = {
        "Content-Disposition": f'{shown}; filename="{_plain(file["name"])}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(upload.content, media_type=mimetype, headers=headers)


def _plain(name: str) -> str:
    return "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\' else "_"
        for letter in name
    )


def _upload_of(ws: Workspace, file_id: str) -> Upload | None:
    return next((upload for upload in ws.uploads.values() if upload.file["id"] == file_id), None)


def _finished(ws: Workspace, file_id: str, title: object) -> Json:
    upload = _upload_of(ws, file_id)
    if upload is None or upload.content is None or file_id in ws.store.files:
        raise Refused("file_not_found")
    ws.store.files[file_id] = upload.file
    if title:
        upload.file["title"] = str(title)
    return upload.file


def _target(call: Call, channel_id: str) -> Conversation:
    found = call.workspace.store.conversations.get(channel_id)
    if found is None:
        raise Refused(
            "channel_not_found" if not call.workspace.store.named(channel_id) else "invalid_channel"
        )
    if call.workspace.bot.id not in found.members:
        raise Refused("not_in_channel")
    return found


def _file(call: Call) -> Json:
    file = call.workspace.store.files.get(call.need("file"))
    if file is None:
        raise Refused("file_not_found")
    return file


METHODS = (
    Method("files.getUploadURLExternal", upload_url),
    Method("files.completeUploadExternal", complete),
    Method("files.info", info),
    Method("files.delete", delete),
)
