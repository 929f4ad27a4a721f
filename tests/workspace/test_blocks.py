"""Block Kit's limits: what Slack refuses is refused, with a pointer to the place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace.blocks import problems_in, with_block_ids

Block = dict[str, Any]


def plain(text: str = "x") -> Block:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Block:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def option(text: str = "x", value: str = "x") -> Block:
    """An option of a menu."""
    return {"text": plain(text), "value": value}


def button(**changes: Any) -> Block:
    """A button."""
    return {"type": "button", "text": plain(), **changes}


def actions(*elements: Block) -> Block:
    """An actions block."""
    return {"type": "actions", "elements": list(elements)}


def select(*options: Block, **changes: Any) -> Block:
    """A static menu."""
    return {"type": "static_select", "options": list(options), **changes}


PICTURE = {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "a"}
GOOD: list[Block] = [
    {"type": "section", "text": mrkdwn("x" * 3000)},
    {"type": "section", "fields": [mrkdwn("x" * 2000)] * 10},
    {"type": "section", "text": plain(), "accessory": select(option(), initial_option=option())},
    {"type": "header", "text": plain("x" * 150)},
    {
        "type": "context",
        "elements": [mrkdwn()] * 9
        + [{"type": "image", "image_url": "https://x.test/a.png", "alt_text": "a"}],
    },
    actions(*[button(action_id=str(n), value="x" * 2000) for n in range(25)]),
    actions(
        {"type": "overflow", "options": [option()]}, {"type": "datepicker", "initial_date": "2026-11-20"}
    ),
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a chart", "title": plain()},
    {"type": "input", "label": plain(), "element": {"type": "plain_text_input", "multiline": True}},
    {"type": "rich_text", "elements": []},
    {"type": "divider"},
]

BAD: list[tuple[Block, str, str]] = [
    (
        {"type": "section", "text": mrkdwn("x" * 3001)},
        "must be less than 3001 characters",
        "/text/text",
    ),
    (
        {"type": "section", "text": mrkdwn("")},
        "must be more than 0 characters",
        "/text/text",
    ),
    ({"type": "section"}, "missing required field: text", ""),
    (
        {"type": "section", "fields": [mrkdwn()] * 11},
        "no more than 10 items allowed",
        "/fields",
    ),
    (
        {"type": "section", "fields": [mrkdwn("x" * 2001)]},
        "must be less than 2001 characters",
        "/fields/0/text",
    ),
    (
        {"type": "section", "text": mrkdwn(), "accessory": {"type": "plain_text_input"}},
        "unsupported type: plain_text_input",
        "/accessory/type",
    ),
    (
        {"type": "header", "text": plain("x" * 151)},
        "must be less than 151 characters",
        "/text/text",
    ),
    ({"type": "header", "text": mrkdwn()}, "unsupported type: mrkdwn", "/text/type"),
    (
        {"type": "context", "elements": [mrkdwn()] * 11},
        "no more than 10 items allowed",
        "/elements",
    ),
    ({"type": "context", "elements": []}, "no fewer than 1 items allowed", "/elements"),
    (actions(*[button()] * 26), "no more than 25 items allowed", "/elements"),
    (
        actions(button(text=plain("x" * 76))),
        "must be less than 76 characters",
        "/elements/0/text/text",
    ),
    (
        actions(button(value="x" * 2001)),
        "must be less than 2001 characters",
        "/elements/0/value",
    ),
    (
        actions(button(action_id="x" * 256)),
        "must be less than 256 characters",
        "/elements/0/action_id",
    ),
    (actions(button(style="loud")), "must be a valid enum value", "/elements/0/style"),
    (
        actions(button(disabled=True)),
        "invalid additional property: disabled",
        "/elements/0",
    ),
    (actions(button(url="ftp://x.test")), "must be a valid URL", "/elements/0/url"),
    (
        actions(button(action_id="a"), button(action_id="a")),
        "`action_id` 'a' already exists",
        "/elements/1/action_id",
    ),
    (
        actions(select(*[option()] * 101)),
        "no more than 100 items allowed",
        "/elements/0/options",
    ),
    (
        actions(select(option("x" * 76))),
        "must be less than 76 characters",
        "/elements/0/options/0/text/text",
    ),
    (
        actions(select(option(), initial_option=option("y", "y"))),
        "initial option must match one of the options",
        "/elements/0",
    ),
    (
        actions({"type": "static_select"}),
        "must define either `options` or `option_groups`",
        "/elements/0",
    ),
    (
        {"type": "image", "image_url": "https://x.test/a.png"},
        "missing required field: alt_text",
        "",
    ),
    (
        {"type": "input", "label": plain("x" * 2001), "element": {"type": "plain_text_input"}},
        "must be less than 2001 characters",
        "/label/text",
    ),
    (
        {"type": "divider", "block_id": "x" * 256},
        "must be less than 256 characters",
        "/block_id",
    ),
    ({"type": "banner"}, "unsupported type: banner", "/type"),
]


@pytest.mark.parametrize("block", GOOD, ids=lambda block: block["type"])
def test_blocks_at_the_limit_are_taken(block: Block) -> None:
    """The largest that Slack allows."""
    assert problems_in([block]) == []


@pytest.mark.parametrize(("block", "sentence", "path"), BAD, ids=[f"{s} {path}" for _, s, path in BAD])
def test_blocks_beyond_the_limit_are_refused(block: Block, sentence: str, path: str) -> None:
    """With Slack's sentence and the JSON pointer."""
    assert f"{sentence} [json-pointer:/blocks/0{path}]" in problems_in([block])


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_there_are_only_so_many_blocks(surface: str, most: int) -> None:
    """Fifty in a message, a hundred in a view."""
    assert problems_in([{"type": "divider"}] * most, surface) == []
    assert problems_in([{"type": "divider"}] * (most + 1), surface) != []


def test_block_ids_are_unique() -> None:
    """Two blocks with the same block_id are refused."""
    block = {"type": "divider", "block_id": "d"}
    assert problems_in([block, block]) == ["`block_id` 'd' already exists [json-pointer:/blocks/1/block_id]"]


def test_the_refusal_reaches_the_real_client(client: WebClient, channel: str) -> None:
    """invalid_blocks with the messages where Slack puts them."""
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=channel, text="x", blocks=[{"type": "banner"}])
    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: banner [json-pointer:/blocks/0/type]"
    ]


def test_too_much_text_together_is_refused(client: WebClient, channel: str) -> None:
    """msg_blocks_too_long beyond about 13,200 characters."""
    blocks = [{"type": "section", "text": mrkdwn("x" * 2900)}] * 5
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=channel, text="x", blocks=blocks)
    assert caught.value.response["error"] == "msg_blocks_too_long"


NAMES = st.sampled_from(["type", "text", "elements", "fields", "accessory", "element", "options", "block_id"])
TYPES = st.sampled_from(["section", "actions", "input", "static_select", "context", "mrkdwn"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner | TYPES),
    max_leaves=12,
)


@given(ANYTHING)
def test_nothing_breaks_the_validator(value: Any) -> None:
    """Whatever is sent gets a list of sentences, and what passes can be stored."""
    blocks = value if isinstance(value, list) else [value]
    if problems_in(blocks) == []:
        assert all("block_id" in block for block in with_block_ids(blocks))
