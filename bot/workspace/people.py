"""The people of a workspace, and the sequence that a workspace starts with when nobody says otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

COLORS = ("#2f6f9f", "#8a4f9e", "#b0562a", "#2e7d4f", "#a03a5b", "#5a6b2f", "#3f4fa8", "#7a5c2e")


@dataclass(frozen=True)
class Person:
    """Someone with an account; the app's bot user is one as well."""

    id: str
    name: str
    real_name: str
    title: str = ""
    email: str = ""
    color: str = COLORS[0]
    is_bot: bool = False
    tz: str = "Etc/UTC"

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        words = self.real_name.split() or [self.name]
        return "".join(word[0] for word in words[:2]).upper()


@dataclass(frozen=True)
class UserGroup:
    """A handle such as @ml-oncall that stands for several people."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...]


def user_id(name: str) -> str:
    """A stable id from a name, so that demos and tests can be read."""
    return "U0" + "".join(letter for letter in name.upper() if letter.isalnum())[:8].ljust(7, "0")


def person(name: str, real_name: str, title: str = "", email: str = "") -> Person:
    """A person whose id, colour and address follow from the name."""
    color = COLORS[sum(map(ord, name)) % len(COLORS)]
    return Person(user_id(name), name, real_name, title, email or f"{name}@example.test", color)


def default_people() -> tuple[Person, ...]:
    """The four who play the demo."""
    return (
        person("ana", "Ana Ruiz", "ML engineer on call"),
        person("ben", "Ben Okafor", "ML team lead"),
        person("chloe", "Chloe Laurent", "engineering manager"),
        person("dev", "Dev Patel", "data scientist"),
    )


def read_people(path: Path) -> tuple[Person, ...]:
    """People from a YAML list of `{name, real_name, title, email}`."""
    rows: Sequence[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return tuple(
        person(row["name"], row.get("real_name", row["name"]), row.get("title", ""), row.get("email", ""))
        for row in rows
    )
