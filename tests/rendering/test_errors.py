"""A template that is wrong says where, what, and what is allowed."""

import pytest

from bot.rendering import Rendering, TemplateError
from ops_core.errors import OpsError
from tests.rendering.conftest import Shown

WRONG = [
    ("<sectoin>x</sectoin>", "<sectoin> is not allowed in <message>; allowed there: actions, context"),
    ('<section colour="red">x</section>', "<section> does not know the attribute colour; allowed: id"),
    ("<actions><button>x</button></actions>", "<button> lacks the attribute id"),
    ('<actions><button id="a" style="loud">x</button></actions>', "style is primary, danger or default"),
    ("<actions>words</actions>", "<actions> may not hold text directly: “words”"),
    ("<section><b>x</section></b>", "not well-formed: mismatched tag"),
    ("<section>&nbsp;</section>", "not well-formed: undefined entity"),
    ('<section><time at="yesterday"/></section>', "needs an ISO time with a zone in at, not “yesterday”"),
    ('<section><time at="2026-11-20T02:00:00"/></section>', "needs an ISO time with a zone"),
    ('<section>x <button id="a">a</button><button id="b">b</button></section>', "the second beside one text"),
    ("<section>\n{{ missing }}</section>", "messages/probe.xml.j2 line 2: 'missing' is undefined"),
    ("<section>\n\n{{ there.missing }}</section>", "line 3: 'dict object' has no attribute 'missing'"),
    ("{% for x in %}", "probe.xml.j2 line 1: Expected an expression"),
    ("<section>{{ there|safe }}</section>", "No filter named 'safe'"),
    ("<section>{{ there.__class__.__mro__ }}</section>", "unsafe"),
    ("<section>{{ 'x' * 5000000 }}</section>", "writes more than"),
    ('<actions><select id="s"/></actions>', "<select> has no <option>"),
]


@pytest.mark.parametrize(("inside", "message"), WRONG, ids=[message[:30] for _, message in WRONG])
def test_wrong_templates(shown: Shown, inside: str, message: str) -> None:
    """The error names the template and the mistake."""
    with pytest.raises(TemplateError) as caught:
        shown(inside, there={})
    assert message in caught.value.message and "probe.xml.j2" in caught.value.message


def test_doctypes_are_refused(shown: Shown) -> None:
    """No template declares entities of its own."""
    with pytest.raises(TemplateError, match="DOCTYPE"):
        shown('"/></message>'.join(["", "<!DOCTYPE a>"]))


def test_missing_template(rendering: Rendering) -> None:
    """A name without a template is an error that a person can read."""
    with pytest.raises(OpsError, match="There is no template messages/nothing"):
        rendering.message("nothing")
