"""Slack's limits on a whole message or view: how many blocks, how much text, which ids may repeat."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import orjson
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.rendering.elements import Json
from bot.rendering.errors import Fault, listed

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_TEXT = 12_000  # Slack answers msg_blocks_too_long from about 13,200
_SAYS_WHAT = ("type", "style")
"""Keys whose words decide what is allowed; of all other words only the length does."""


def message_blocks(built: list[Json]) -> list[Json]:
    """The blocks of a message, valid, with a line that says how many had to be left out."""
    kept = fitted(built, MESSAGE_BLOCKS, MESSAGE_TEXT)
    _check_ids(kept)
    for block in kept:
        _validate(block)
    return kept


def view(built: Json) -> Json:
    """A modal or home view, valid, with a line that says how many blocks had to be left out."""
    built = {**built, "blocks": fitted(built["blocks"], VIEW_BLOCKS, None)}
    _check_ids(built["blocks"])
    try:
        valid: Json = View(**built).to_dict()
    except SlackObjectFormationError as error:
        raise Fault(f"is not what Slack accepts: {error}") from error
    return valid


def fitted(built: list[Json], most: int, text: int | None) -> list[Json]:
    """At most `most` blocks with at most `text` characters; buttons at the end are kept."""
    tail = built[-1:] if built and built[-1]["type"] == "actions" else []
    head = built[: len(built) - len(tail)]
    kept = list(head)
    over = len(built) > most
    if over:
        kept = head[: most - 1 - len(tail)]
    while text is not None and kept and _size([*kept, *tail]) > text:
        kept.pop()
    if len(kept) == len(head):
        return built
    return [*kept, _left_out(len(head) - len(kept)), *tail]


def _left_out(count: int) -> Json:
    more = "1 more part is" if count == 1 else f"{count} more parts are"
    said = f"… {more} left out here, because Slack takes no longer message."
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": said, "verbatim": True}]}


def _size(value: Any) -> int:
    match value:
        case dict():
            return sum(
                len(part) if key == "text" and isinstance(part, str) else _size(part)
                for key, part in value.items()
            )
        case list():
            return sum(_size(part) for part in value)
        case _:
            return 0


def _validate(block: Json) -> None:
    """Raise `Fault` unless Slack takes the block. One of known outline is not looked at again: to have
    slack_sdk look takes as long as all else of a message."""
    try:
        _look(orjson.dumps(_outline(block)))
    except SlackObjectFormationError:  # its words may be right where any others of that length are not
        try:
            Block.parse(block).to_dict()  # type: ignore[union-attr]  # None for no block at all
        except SlackObjectFormationError as error:
            raise Fault(f"is not what Slack accepts in a {block['type']}: {error}") from error


@lru_cache(maxsize=4096)
def _look(outline: bytes) -> None:
    if parsed := Block.parse(orjson.loads(outline)):
        parsed.to_dict()


def _outline(value: Any, key: str = "") -> Any:
    """The same with words of the same lengths that say nothing."""
    match value:
        case dict():
            return {name: _outline(part, name) for name, part in value.items()}
        case list():
            return [_outline(part) for part in value]
        case str() if key not in _SAYS_WHAT:
            return "x" * len(value)
        case _:
            return value


def _check_ids(built: Sequence[Json]) -> None:
    _refuse_repeated("block id", [block["block_id"] for block in built if "block_id" in block])
    for block in built:
        _refuse_repeated("button or menu id", list(_action_ids(block)))


def _action_ids(block: Json) -> Iterator[str]:
    elements = [*block.get("elements", []), block.get("accessory"), block.get("element")]
    return (part["action_id"] for part in elements if part and "action_id" in part)


def _refuse_repeated(what: str, ids: list[str]) -> None:
    repeated = [name for name, count in Counter(ids).items() if count > 1]
    if repeated:
        raise Fault(f"uses the same {what} twice: {listed(repeated)}")
