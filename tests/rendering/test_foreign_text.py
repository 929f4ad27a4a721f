"""Laws for every template: no foreign text pings, links, or breaks Slack's limits."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.rendering import Rendering, escape
from bot.rendering.inline import Run, fit
from tests.rendering.given import MESSAGES, NAMES, VIEWS, hostile

RENDERING = Rendering(names=NAMES)
SPECIAL = "<>&@#!|*_~`\"' \n:/^{}%\\aZ9é\u2028\x00"
FOREIGN = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=SPECIAL, max_size=80),
    st.sampled_from(
        ["<!channel>", "<@U0EVIL>", "<!subteam^S1>", "<https://evil.example|here>", "&lt;!here&gt;"]
    ),
    st.integers(1000, 6000).map(lambda size: "<& " * size),
    st.integers(3000, 9000).map(lambda size: "x" * size),
)
OURS = re.compile(r"<(?:@U0(?:ANN|BEN|CAY)|#C0INC1|!date\^\d+\^[^|]+\|[^<>]+|https?://[^|<>]+\|[^<>]*)>")


def mrkdwn(value: Any) -> Iterator[str]:
    """All text in which Slack looks for mentions and links."""
    match value:
        case {"type": "mrkdwn", "text": str(text), **rest}:
            assert rest == {"verbatim": True}
            yield text
        case dict():
            for part in value.values():
                yield from mrkdwn(part)
        case list():
            for part in value:
                yield from mrkdwn(part)
        case _:
            return


def inert(text: str) -> bool:
    """Whether nothing but our own mentions, times and links is active."""
    rest = OURS.sub("", text)
    return "<" not in rest and ">" not in re.sub(r"^> ", "", rest, flags=re.MULTILINE)


@pytest.mark.parametrize("name", MESSAGES)
@settings(max_examples=12, deadline=None, derandomize=True)
@given(words=FOREIGN)
def test_messages_stay_inert_and_valid(name: str, words: str) -> None:
    """Whatever a message is told, it is within the limits and only our own mentions are active."""
    message = RENDERING.message(name.partition(".")[0], **hostile(MESSAGES[name], words))
    assert inert(message.text) and len(message.text) <= 3000
    assert len(message.blocks) <= 50
    assert all(inert(text) and len(text) <= 3000 for text in mrkdwn(message.blocks))
    assert [Block.parse(block).to_dict() for block in message.blocks] == message.blocks  # type: ignore[union-attr]  # no unknown blocks


@pytest.mark.parametrize("name", [name for name in VIEWS if name != "incident_declare"])
@settings(max_examples=12, deadline=None, derandomize=True)
@given(words=FOREIGN)
def test_views_stay_inert_and_valid(name: str, words: str) -> None:
    """Whatever a view is told, it is within the limits and only our own mentions are active."""
    view = RENDERING.view(name.partition(".")[0], **hostile(VIEWS[name], words))
    assert all(inert(text) and len(text) <= 3000 for text in mrkdwn(view))
    assert View(**view).to_dict() == view


@settings(deadline=None, derandomize=True)
@given(text=st.text(alphabet=SPECIAL))
def test_marks_format_only_where_a_template_says_so(text: str) -> None:
    """No mark of foreign text stands where Slack would take it for formatting."""
    for found in re.finditer(r"[*_~]", escape.words(text)):
        before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
        assert (before.isalnum() and after.isalnum()) or (before.isspace() and after.isspace())


@settings(deadline=None, derandomize=True)
@given(text=st.text(alphabet=SPECIAL + "abc "), limit=st.integers(60, 400))
def test_shortening_never_cuts_an_entity(text: str, limit: int) -> None:
    """A shortened text is within its limit, says how much is missing, and has whole entities."""
    short = fit([Run(text)], limit)
    assert len(short) <= limit
    assert not re.search(r"&(?!amp;|lt;|gt;)", short)
    assert short == fit([Run(text)], 10**6) or "more characters)" in short


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://", "https://[::1", "//x.y"],
)
def test_links_that_are_not_followed(address: str) -> None:
    """An address of another kind is no link."""
    assert escape.link(address) is None


@settings(deadline=None, derandomize=True)
@given(rest=st.text(alphabet=SPECIAL))
def test_link_targets_cannot_end_their_link(rest: str) -> None:
    """No address holds a sign that Slack would read as the end of the link."""
    assert not set(escape.link(f"https://example.org/{rest}") or "") & set('<>|"` \n')
