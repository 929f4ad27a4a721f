"""Block Kit's blocks: what Slack would refuse of them in a message, a modal or a Home tab."""

import secrets
from collections.abc import Iterator, Sequence
from typing import Any

from bot.workspace.block_elements import (
    ACCESSORY,
    ACTION,
    CONTEXT,
    CONTEXT_ACTION,
    HAS_TEXT_OR_FIELDS,
    ID,
    INPUT,
    SLACK_FILE,
)
from bot.workspace.block_rules import (
    Rule,
    anything,
    at_most_one,
    choice,
    flag,
    items,
    number,
    one_of,
    plain,
    shape,
    string,
    text,
    union,
    url,
)
from bot.workspace.state import Json

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
LONGEST_MARKDOWN = 12_000


def _block(required: dict[str, Rule], optional: dict[str, Rule] | None = None, *more: Rule) -> Rule:
    return shape(required, {"block_id": ID, **(optional or {})}, *more)


BLOCKS: dict[str, Rule] = {
    "section": _block(
        {},
        {"text": text(3000), "fields": items(text(2000), 10), "accessory": ACCESSORY, "expand": flag},
        HAS_TEXT_OR_FIELDS,
    ),
    "header": _block({"text": plain(150)}, {"level": number}),
    "divider": _block({}),
    "context": _block({"elements": items(CONTEXT, 10)}),
    "actions": _block({"elements": items(ACTION, 25)}),
    "context_actions": _block({"elements": items(CONTEXT_ACTION, 5)}),
    "image": _block(
        {"alt_text": string(2000, 1)},
        {"image_url": url, "slack_file": SLACK_FILE, "title": plain(2000)},
        one_of("image_url", "slack_file"),
    ),
    "input": _block(
        {"label": plain(2000), "element": INPUT},
        {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "markdown": _block({"text": string(LONGEST_MARKDOWN, 1)}),
    "rich_text": _block({"elements": items(anything, 1000, 0)}),
    "table": _block({"rows": items(items(anything, 20), 100)}, {"column_settings": items(anything, 20, 0)}),
    "file": _block({"external_id": string(), "source": choice("remote")}),
    "video": _block(
        {"alt_text": string(), "title": plain(200), "thumbnail_url": url, "video_url": url},
        {
            "author_name": string(50),
            "description": plain(200),
            "provider_icon_url": url,
            "provider_name": string(),
            "title_url": url,
        },
    ),
}
NOT_ON = {
    "message": (),
    "modal": ("table", "markdown", "file", "context_actions"),
    "home": ("table", "markdown", "file", "context_actions"),
}


def problems_in(blocks: Sequence[Any], surface: str = "message", path: str = "/blocks") -> list[str]:
    """Everything that Slack would say about these blocks on a `message`, `modal` or `home` tab."""
    allowed = [name for name in BLOCKS if name not in NOT_ON[surface]]
    least = 1 if surface == "modal" else 0
    return [
        *items(union(BLOCKS, allowed), MOST_BLOCKS[surface], least)(list(blocks), path),
        *at_most_one("", "block_id")(blocks, path),
        *_action_ids(blocks, path),
        *_together(blocks, surface, path),
    ]


def with_block_ids(blocks: Sequence[Json]) -> list[Json]:
    """The blocks, each with a block_id and each of their elements with an action_id, as Slack stores them."""
    return [_with_id(block) for block in blocks]


def elements(block: Json) -> list[Json]:
    """The interactive elements of a block."""
    if block["type"] == "actions":
        return list(block["elements"])
    if block["type"] == "input":
        return [block["element"]]
    accessory = block.get("accessory")
    return [accessory] if accessory and accessory["type"] != "image" else []


def _with_id(block: Json) -> Json:
    block = {"block_id": secrets.token_urlsafe(4), **{k: v for k, v in block.items() if v not in (None, "")}}
    if block["type"] == "actions":
        block["elements"] = [_with_action_id(element) for element in block["elements"]]
    elif block["type"] == "input":
        block["element"] = _with_action_id(block["element"])
    elif block.get("accessory") and block["accessory"]["type"] != "image":
        block["accessory"] = _with_action_id(block["accessory"])
    return block


def _with_action_id(element: Json) -> Json:
    return element if element.get("action_id") else {**element, "action_id": secrets.token_urlsafe(4)}


def _action_ids(blocks: Sequence[Any], path: str) -> Iterator[str]:
    for index, block in enumerate(blocks):
        if (
            isinstance(block, dict)
            and isinstance(block.get("elements"), list)
            and block.get("type") == "actions"
        ):
            name = f" for block_id {block['block_id']!r}" if block.get("block_id") else ""
            yield from at_most_one(name, "action_id")(block["elements"], f"{path}/{index}/elements")


def _together(blocks: Sequence[Any], surface: str, path: str) -> Iterator[str]:
    known = [block for block in blocks if isinstance(block, dict)]
    inputs = [block["element"] for block in known if isinstance(block.get("element"), dict)]
    if sum(bool(element.get("focus_on_load")) for element in inputs) > 1:
        yield f"only one element may have focus_on_load [json-pointer:{path}]"
    if surface != "modal" and any(element.get("type") == "file_input" for element in inputs):
        yield f"unsupported type: file_input [json-pointer:{path}]"
    words = [
        block["text"]
        for block in known
        if block.get("type") == "markdown" and isinstance(block.get("text"), str)
    ]
    if sum(map(len, words)) > LONGEST_MARKDOWN:
        yield f"markdown must be less than {LONGEST_MARKDOWN + 1} characters together [json-pointer:{path}]"
