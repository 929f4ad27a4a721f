"""What people read, kept in files: after a change run with TOCSIN_UPDATE_GOLDEN=1 and read the diff."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.rendering import Rendering
from tests.rendering.given import MESSAGES, POSTMORTEMS, VIEWS, hostile

GOLDEN = Path(__file__).parent / "golden"
TEMPERS = ["rich", "hostile"]


def tempered(context: dict[str, Any], temper: str) -> dict[str, Any]:
    """The context as it is, or with hostile words."""
    return hostile(context) if temper == "hostile" else context


def hold(name: str, text: str) -> None:
    """Compare with the golden file, or rewrite it when asked."""
    path = GOLDEN / name
    if os.environ.get("TOCSIN_UPDATE_GOLDEN") == "1":
        path.write_text(text)
    assert path.exists(), f"{name} is missing; run with TOCSIN_UPDATE_GOLDEN=1 and read it"
    assert text == path.read_text()


def as_json(value: Any) -> str:
    """JSON for people to read."""
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


@pytest.mark.parametrize("temper", TEMPERS)
@pytest.mark.parametrize("name", MESSAGES)
def test_message(rendering: Rendering, name: str, temper: str) -> None:
    """The message is the one in the golden file."""
    message = rendering.message(name.partition(".")[0], **tempered(MESSAGES[name], temper))
    hold(f"message.{name}.{temper}.json", as_json({"text": message.text, "blocks": message.blocks}))


@pytest.mark.parametrize("temper", TEMPERS)
@pytest.mark.parametrize("name", VIEWS)
def test_view(rendering: Rendering, name: str, temper: str) -> None:
    """The view is the one in the golden file."""
    view = rendering.view(name.partition(".")[0], **tempered(VIEWS[name], temper))
    hold(f"view.{name}.{temper}.json", as_json(view))


@pytest.mark.parametrize("temper", TEMPERS)
@pytest.mark.parametrize("name", POSTMORTEMS)
def test_postmortem(rendering: Rendering, name: str, temper: str) -> None:
    """The post-mortem is the one in the golden file."""
    written = rendering.document(name.partition(".")[0], **tempered(POSTMORTEMS[name], temper))
    hold(f"postmortem.{name}.{temper}.md", written)
