"""What the elements of a message become."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.rendering.conftest import Shown

AT = datetime(2026, 11, 20, 2, 10, tzinfo=UTC)


def said(shown: Shown, words: str, **context: Any) -> str:
    """The mrkdwn of one section."""
    text: str = shown(f"<section>{words}</section>", **context).blocks[0]["text"]["text"]
    return text


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("a <b>b</b> <i>c</i> <s>d</s> <code>e_f</code>", "a *b* _c_ ~d~ `e_f`"),
        ("<b> spaced </b>out", "*spaced* out"),
        ("one<br/>  two", "one\ntwo"),
        ("<b>one<br/>two</b>", "*one*\n*two*"),
        ("before <quote>x<br/>y</quote> after", "before\n> x\n> y\nafter"),
        ("<pre>\n a  b\n</pre>", "```\n a  b\n```"),
        ('<link href="https://e.org/?a=1&amp;b=2">see</link>', "<https://e.org/?a=1&amp;b=2|see>"),
        ('<link href="javascript:x">see</link>', "see"),
        ('<channel id="C0A"/> <emoji name="tada"/>', "<#C0A> :tada:"),
        ("5 &gt; 3 &amp; 2 * 3", "5 &gt; 3 &amp; 2 * 3"),
    ],
)
def test_words(shown: Shown, words: str, text: str) -> None:
    """Markup of a template becomes Slack's."""
    assert said(shown, words) == text


@pytest.mark.parametrize(
    ("form", "token"),
    [
        ("short", "{date_short_pretty} {time}"),
        ("time", "{time}"),
        ("date", "{date_short_pretty}"),
        ("ago", "{ago}"),
    ],
)
def test_time(shown: Shown, form: str, token: str) -> None:
    """A time is shown in the reader's zone, with UTC where Slack cannot."""
    fallback = "2026-11-20 UTC" if form == "date" else "2026-11-20 02:10 UTC"
    text = said(shown, f'<time at="{{{{ at }}}}" format="{form}"/>', at=AT)
    assert text == f"<!date^1795140600^{token}|{fallback}>"


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ('<user id="U0ANN"/>', "Ann Abebe"),
        ('<user id="U0ANN" ping="yes"/>', "<@U0ANN>"),
        ('<user id="U0NEW"/>', "<@U0NEW>"),
        ('<user id="scheduler"/>', "scheduler"),
    ],
)
def test_people_are_named_not_pinged(shown: Shown, tag: str, text: str) -> None:
    """Only `ping="yes"` calls a person whose name is known."""
    assert said(shown, tag) == text


def test_mentions_in_our_own_sentences_become_names(shown: Shown) -> None:
    """A sentence of the domain that holds `<@U…>` names the person and pings nobody."""
    assert (
        said(shown, "{{ why }}", why="done by <@U0ANN>, not <@U0NEW>")
        == "done by Ann Abebe, not &lt;@U0NEW&gt;"
    )


def test_line_breaks_of_values_are_kept(shown: Shown) -> None:
    """A value of two lines stays two lines; the template's own are only layout."""
    assert said(shown, "a\n b {{ text }}", text="one\ntwo") == "a b one\ntwo"


def test_fields_are_split_by_ten(shown: Shown) -> None:
    """Slack takes ten fields a section, so twelve become two sections."""
    blocks = shown("<fields>" + '<field label="a">b</field>' * 12 + "</fields>").blocks
    assert [len(block["fields"]) for block in blocks] == [10, 2]


def test_empty_parts_are_left_out(shown: Shown) -> None:
    """Elements that turned out empty do not reach Slack, which would refuse them."""
    inside = "<section> </section><fields/><context><text/></context><actions/><header/>"
    assert shown(inside).blocks == []


def test_button(shown: Shown) -> None:
    """A button carries its id, value, style and question."""
    inside = '<button id="a.b" value="7" style="danger" confirm="Sure?" confirm-yes="Do it">Go</button>'
    (button,) = shown(f"<actions>{inside}</actions>").blocks[0]["elements"]
    assert (button["action_id"], button["value"], button["style"]) == ("a.b", "7", "danger")
    assert button["confirm"]["confirm"]["text"] == "Do it"


def test_a_button_with_a_forbidden_address_is_left_out(shown: Shown) -> None:
    """No button leads to `javascript:`."""
    assert shown('<actions><button id="a" url="javascript:x">Go</button></actions>').blocks == []


def test_a_picture_with_a_forbidden_address_is_its_text(shown: Shown) -> None:
    """Where a picture may not be loaded, its description stands."""
    (block,) = shown('<image src="file:///x" alt="F1 over time"/>').blocks
    assert block["elements"][0]["text"] == "F1 over time"


def test_pictures(shown: Shown) -> None:
    """A picture comes from an address or from an uploaded file."""
    blocks = shown('<image src="https://e.org/a.png" alt="a" title="t"/><image file="F1" alt="b"/>').blocks
    assert blocks[0]["image_url"] == "https://e.org/a.png"
    assert blocks[1]["slack_file"] == {"id": "F1"}


def test_select_says_when_options_are_left_out(shown: Shown) -> None:
    """Of more than 100 options the first 100 are offered, and the menu says so."""
    options = "".join(f'<option value="{number}">{number}</option>' for number in range(120))
    (block,) = shown(
        f'<actions><select id="s" placeholder="Version" initial="3">{options}</select></actions>'
    ).blocks
    (select,) = block["elements"]
    assert len(select["options"]) == 100 and select["initial_option"]["value"] == "3"
    assert select["placeholder"]["text"] == "Version (first 100 of 120)"


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ('<users id="u" initial="U0ANN"/>', "users_select"),
        ('<users id="u" multiple="yes" initial="U0ANN,U0BEN"/>', "multi_users_select"),
        ('<overflow id="o"><option value="1">a</option></overflow>', "overflow"),
        ('<datepicker id="d" initial="2026-11-20T00:00:00+00:00"/>', "datepicker"),
    ],
)
def test_menus(shown: Shown, tag: str, kind: str) -> None:
    """Menus stand among buttons or beside a text."""
    assert shown(f"<actions>{tag}</actions>").blocks[0]["elements"][0]["type"] == kind
    assert shown(f"<section>x {tag}</section>").blocks[0]["accessory"]["type"] == kind
