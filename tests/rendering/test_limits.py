"""What is too long is shortened visibly, what may not be said twice is refused."""

import pytest

from bot.rendering import TemplateError
from tests.rendering.conftest import Shown


def test_long_sections_are_cut_between_words(shown: Shown) -> None:
    """A section of 3,000 characters at most says how much it left out."""
    text = shown("<section><b>{{ words }}</b></section>", words="alpha " * 900).blocks[0]["text"]["text"]
    assert len(text) <= 3000
    assert text.startswith("*alpha") and "alpha* … (shortened, " in text


def test_long_fields_are_cut(shown: Shown) -> None:
    """A field has 2,000 characters at most, its label included."""
    field = shown('<fields><field label="L">{{ words }}</field></fields>', words="x" * 5000).blocks[0][
        "fields"
    ][0]
    assert len(field["text"]) <= 2000 and "more characters)" in field["text"]


def test_long_headers_and_buttons_are_cut(shown: Shown) -> None:
    """Headers and buttons are shortened to what Slack takes."""
    inside = '<header>{{ words }}</header><actions><button id="a">{{ words }}</button></actions>'
    header, actions = shown(inside, words="word " * 100).blocks
    assert len(header["text"]["text"]) <= 150 and "more characters" in header["text"]["text"]
    assert len(actions["elements"][0]["text"]["text"]) <= 75


def test_too_many_blocks_say_so_and_keep_the_buttons(shown: Shown) -> None:
    """Of 60 sections and a row of buttons, 48 sections, a note and the buttons are sent."""
    inside = "{% for n in range(60) %}<section>{{ n }}</section>{% endfor %}"
    blocks = shown(inside + "<actions><button id='a'>x</button></actions>").blocks
    assert len(blocks) == 50 and blocks[-1]["type"] == "actions"
    assert "12 more parts are left out" in blocks[-2]["elements"][0]["text"]


def test_too_much_text_says_so(shown: Shown) -> None:
    """Slack refuses more than about 13,000 characters in all, so later blocks give way."""
    blocks = shown("{% for n in range(9) %}<section>{{ 'word ' * 500 }}</section>{% endfor %}").blocks
    assert len(blocks) == 5 and "5 more parts" in blocks[-1]["elements"][0]["text"]


@pytest.mark.parametrize(
    "inside",
    [
        '<section id="a">x</section><section id="a">y</section>',
        '<actions><button id="a">x</button><button id="a">y</button></actions>',
    ],
)
def test_ids_are_unique(shown: Shown, inside: str) -> None:
    """The same block id in a message, or button id in a row, is an error of the template."""
    with pytest.raises(TemplateError, match="twice: a"):
        shown(inside)


def test_a_value_that_is_too_long_is_an_error(shown: Shown) -> None:
    """The value of a button is no text to be shortened."""
    with pytest.raises(TemplateError, match="value attribute cannot exceed 2000"):
        shown('<actions><button id="a" value="{{ v }}">x</button></actions>', v="x" * 2001)
