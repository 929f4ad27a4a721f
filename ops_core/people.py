"""Who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from ops_core.errors import Forbidden

TOCSIN = "tocsin"
"""The actor of what the bot does on its own."""


class Role(IntEnum):
    """Each role may do what those before it may."""

    VIEWER = 1
    RESPONDER = 2
    COMMANDER = 3
    ADMIN = 4


@dataclass(frozen=True)
class Roles:
    """The role of each person, by Slack user id; whoever is not listed has `default`."""

    by_person: Mapping[str, Role] = field(default_factory=dict)
    default: Role = Role.RESPONDER

    def of(self, person: str) -> Role:
        """The role of a person; the bot itself may do everything."""
        return Role.ADMIN if person == TOCSIN else self.by_person.get(person, self.default)

    def require(self, person: str, role: Role, to: str) -> None:
        """Raise `Forbidden` unless the person has at least `role`; `to` completes "only … may"."""
        if self.of(person) < role:
            raise Forbidden(
                f"Only a {role.name.lower()} may {to}; you are a {self.of(person).name.lower()}.",
                hint="Ask a commander in the channel, or an admin to change `roles` in the settings.",
            )
