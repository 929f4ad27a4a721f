"""What the code listens to, told by registering all handlers with a door that only takes notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import handlers


@dataclass
class Registered(handlers.Door):
    """The names that were registered."""

    commands: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    shortcuts: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    def command(self, name: str, _handler: Any) -> None:
        """Note a slash command."""
        self.commands.append(name)

    def button(self, name: str, _handler: Any) -> None:
        """Note a button."""
        self.buttons.append(name)

    def message_shortcut(self, name: str, _handler: Any) -> None:
        """Note a shortcut on messages."""
        self.shortcuts.append(name)

    def form(self, name: str, _handler: Any) -> None:
        """Note a modal."""
        self.forms.append(name)

    def home(self, _handler: Any) -> None:
        """Note the Home tab's event."""
        self.events.append("app_home_opened")

    def otherwise(self, unknown: Any) -> None:
        """Names nothing."""


def registered() -> Registered:
    """Everything in `handlers.register`."""
    notes = Registered()
    handlers.register(notes, cast(handlers.Toolbox, None))  # registering calls nothing of the toolbox
    return notes
