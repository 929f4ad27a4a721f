"""What the workspace remembers: people, conversations with their messages, and the clock of timestamps."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.workspace.errors import Refused
from bot.workspace.people import Person, UserGroup

Json = dict[str, Any]
Kind = Literal["channel", "group", "im", "mpim"]


@dataclass
class Conversation:
    """A channel, private channel or direct message. Messages are replaced, never changed in place."""

    id: str
    name: str
    kind: Kind
    creator: str
    created: int
    members: dict[str, None] = field(default_factory=dict)
    topic: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    purpose: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    is_archived: bool = False
    previous_names: list[str] = field(default_factory=list)
    messages: dict[str, Json] = field(default_factory=dict)
    ephemerals: dict[str, Json] = field(default_factory=dict)
    threads: dict[str, list[str]] = field(default_factory=dict)
    called: dict[str, frozenset[str]] = field(default_factory=dict)
    pins: dict[str, Json] = field(default_factory=dict)
    bookmarks: list[Json] = field(default_factory=list)
    last_read: dict[str, str] = field(default_factory=dict)

    @property
    def is_direct(self) -> bool:
        """Whether it is a direct message of two or more."""
        return self.kind in ("im", "mpim")

    @property
    def is_public(self) -> bool:
        """Whether everybody can find and read it."""
        return self.kind == "channel"

    def top_level(self) -> Iterator[Json]:
        """What the channel shows outside threads, oldest first."""
        return (m for m in self.messages.values() if is_top_level(m))

    def thread(self, ts: str) -> list[Json]:
        """The parent and its replies, oldest first."""
        return [self.messages[t] for t in (ts, *self.threads.get(ts, ())) if t in self.messages]


def is_top_level(message: Json) -> bool:
    """Whether a message stands in the channel itself, broadcast replies included."""
    return (
        message.get("thread_ts", message["ts"]) == message["ts"]
        or message.get("subtype") == "thread_broadcast"
    )


class Timestamps:
    """Slack's message ids: seconds with six digits, strictly increasing."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> str:
        """A timestamp later than every one before."""
        self._last = max(self._last + 1, time.time_ns() // 1000)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


class Store:
    """Everything in memory. Only the event loop's thread touches it, which is the one lock it needs."""

    def __init__(self, people: Sequence[Person], groups: Sequence[UserGroup]) -> None:
        self.people = {person.id: person for person in people}
        self.groups = list(groups)
        self.conversations: dict[str, Conversation] = {}
        self.files: dict[str, Json] = {}
        self.timestamps = Timestamps()
        self._count = 0

    def next_id(self, prefix: str) -> str:
        """An id in Slack's manner: a letter and capitals or digits."""
        self._count += 1
        return f"{prefix}0{self._count:09X}"

    def person(self, name_or_id: str) -> Person | None:
        """Someone by id or by name."""
        found = self.people.get(name_or_id)
        return found or next((p for p in self.people.values() if p.name == name_or_id.lstrip("@")), None)

    def user(self, user_id: str) -> Person:
        """Someone by id, as Slack's methods want it."""
        if user_id not in self.people:
            raise Refused("user_not_found")
        return self.people[user_id]

    def named(self, name: str) -> Conversation | None:
        """A channel by its name, with or without `#`."""
        bare = name.removeprefix("#")
        return next((c for c in self.conversations.values() if not c.is_direct and c.name == bare), None)

    def direct(self, users: Sequence[str]) -> Conversation | None:
        """The direct message of exactly these people."""
        wanted = set(users)
        return next(
            (c for c in self.conversations.values() if c.is_direct and set(c.members) == wanted), None
        )

    def visible(self, user_id: str) -> Iterator[Conversation]:
        """What a person can see: public channels, and what they are in."""
        return (c for c in self.conversations.values() if c.is_public or user_id in c.members)
