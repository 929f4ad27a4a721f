"""Each template says what it needs, and that is what it uses."""

from pathlib import Path

import pytest

from bot.rendering import TEMPLATES
from tests.rendering import given
from tests.rendering.needs import covers, declared, used

PATHS = sorted(path for path in TEMPLATES.rglob("*.j2") if path.name != "parts.xml.j2")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_needs_all_that_it_uses(path: Path) -> None:
    """Whatever a template reads stands in its comment."""
    source = path.read_text()
    said = declared(source)
    assert {one for one in used(source) if not any(covers(need, one) for need in said)} == set()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_uses_all_that_it_needs(path: Path) -> None:
    """Nothing stands in the comment that the template does not read."""
    source = path.read_text()
    found = used(source)
    assert {need for need in declared(source) if not any(covers(need, one) for one in found)} == set()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_says_when(path: Path) -> None:
    """The comment begins with a sentence that says when the words are seen."""
    assert path.read_text().startswith("{#\n") and path.read_text()[3].isupper()


@pytest.mark.parametrize(
    ("folder", "known"),
    [("messages", given.MESSAGES), ("views", given.VIEWS)],
    ids=["messages", "views"],
)
def test_every_template_has_a_golden_context(folder: str, known: dict[str, object]) -> None:
    """No template goes without a golden file."""
    names = {path.name.removesuffix(".xml.j2") for path in (TEMPLATES / folder).glob("*.j2")}
    assert names == {name.partition(".")[0] for name in known}
