"""What a message may hold: the checks that Slack makes of text, blocks, attachments and metadata."""

from typing import Any

from bot.workspace.blocks import problems_in, with_block_ids
from bot.workspace.calls import Call
from bot.workspace.core import Workspace
from bot.workspace.errors import Refused, invalid
from bot.workspace.state import Json
from bot.workspace.texts import escaped

LONGEST_TEXT = 40_000
# Observed, not documented: more than about 13,200 characters of blocks is refused (bolt-js#2509).
LONGEST_BLOCKS = 13_200


def read_content(call: Call, *, may_be_empty: bool = False, longest_text: int = LONGEST_TEXT) -> Json:
    """The text, blocks, attachments and metadata of a call, checked; absent parts are left out."""
    content: Json = {}
    if call.args.get("text") is not None:
        content["text"] = escaped(call.text("text"))
    blocks = call.structure("blocks", "invalid_blocks_format")
    if blocks is not None:
        content["blocks"] = checked_blocks(call.workspace, blocks)
    attachments = call.structure("attachments", "invalid_attachments")
    if attachments is not None:
        content["attachments"] = _checked_attachments(call.workspace, attachments)
    metadata = call.structure("metadata", "invalid_metadata_format")
    if metadata:
        content["metadata"] = _checked_metadata(metadata)
    if len(call.text("text")) > longest_text:
        raise Refused("msg_too_long")
    if not may_be_empty and not any(content.get(part) for part in ("text", "blocks", "attachments")):
        raise Refused("no_text")
    if call.args.get("mrkdwn") is not None and not call.flag("mrkdwn"):
        content["mrkdwn"] = False
    return content


def checked_blocks(ws: Workspace, blocks: Any) -> list[Json]:
    """Blocks that passed Slack's validation, each with a block_id."""
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    if problems := [*problems_in(blocks), *missing_files(ws, blocks)]:
        raise Refused(
            "invalid_blocks",
            errors=problems,
            response_metadata={"messages": [f"[ERROR] {p}" for p in problems]},
        )
    if text_length(blocks) > LONGEST_BLOCKS:
        raise Refused("msg_blocks_too_long")
    return with_block_ids(blocks)


def missing_files(ws: Workspace, value: Any, path: str = "/blocks") -> list[str]:
    """What Slack says about pictures whose uploaded file does not exist."""
    if isinstance(value, list):
        return [problem for i, item in enumerate(value) for problem in missing_files(ws, item, f"{path}/{i}")]
    if not isinstance(value, dict):
        return []
    file = value.get("slack_file")
    if isinstance(file, dict) and file.get("id") is not None and file["id"] not in ws.store.files:
        return [f"invalid slack file [json-pointer:{path}/slack_file]"]
    parts = [(name, part) for name, part in value.items() if isinstance(part, dict | list)]
    return [problem for name, part in parts for problem in missing_files(ws, part, f"{path}/{name}")]


def text_length(value: Any) -> int:
    """How many characters of text a structure of blocks shows."""
    if isinstance(value, list):
        return sum(text_length(item) for item in value)
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(text_length(v) for v in value.values() if isinstance(v, dict | list))
    return 0


def _checked_attachments(ws: Workspace, attachments: Any) -> list[Json]:
    if not isinstance(attachments, list) or not all(isinstance(a, dict) for a in attachments):
        raise Refused("invalid_attachments")
    if len(attachments) > 100:
        raise Refused("too_many_attachments")
    checked = []
    for number, attachment in enumerate(attachments, start=1):
        blocks = {"blocks": checked_blocks(ws, attachment["blocks"])} if "blocks" in attachment else {}
        checked.append({"id": number, "fallback": "[no preview available]", **attachment, **blocks})
    return checked


def _checked_metadata(metadata: Any) -> Json:
    if not isinstance(metadata, dict) or set(metadata) - {"event_type", "event_payload"}:
        raise Refused("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise invalid("event_type and event_payload are required", code="invalid_metadata_format")
    return metadata
