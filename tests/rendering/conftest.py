"""What the rendering tests share: our templates, and a template written on the spot."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.rendering import TEMPLATES, Message, Rendering
from tests.rendering.given import NAMES

Shown = Callable[..., Message]


@pytest.fixture
def rendering() -> Rendering:
    """Our own templates, with the names of two people known."""
    return Rendering(names=NAMES)


@pytest.fixture
def shown(tmp_path: Path) -> Shown:
    """Renders the inside of a message that the test writes."""
    (tmp_path / "messages").mkdir()

    def show(inside: str, **context: Any) -> Message:
        (tmp_path / "messages/probe.xml.j2").write_text(f'<message text="probe">{inside}</message>')
        return Rendering([tmp_path, TEMPLATES], NAMES).message("probe", **context)

    return show
