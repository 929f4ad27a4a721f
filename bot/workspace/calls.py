"""One Web API call: its arguments read the way Slack reads them, and the record that is kept of it."""

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.workspace.errors import Refused, invalid
from bot.workspace.scopes import needed_scopes
from bot.workspace.state import Conversation, Json

if TYPE_CHECKING:
    from bot.workspace.core import Workspace

KEPT_CALLS = 50_000


@dataclass(frozen=True)
class Method:
    """One Web API method: its name, what answers it, and which token it wants."""

    name: str
    answer: Callable[["Call"], Json]
    token: str = "bot"  # noqa: S105 - the kind of token, not a token


@dataclass
class Call:
    """A call that passed authentication, with typed access to its arguments."""

    workspace: "Workspace"
    method: str
    args: Json

    def text(self, name: str, default: str = "") -> str:
        """An optional string."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def need(self, name: str, code: str = "invalid_arguments") -> str:
        """A required string; its absence is Slack's `invalid_arguments` unless `code` says otherwise."""
        value = self.text(name)
        if not value:
            raise invalid(f"missing required field: {name}", code=code)
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean in any of the spellings that Slack takes."""
        value = self.args.get(name)
        return default if value is None else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int, most: int, code: str = "invalid_limit") -> int:
        """A whole number from 1 to `most`."""
        value = self.text(name)
        if not value or value == "0":
            return default
        if not value.isdigit() or int(value) > most:
            raise Refused(code)
        return int(value)

    def structure(self, name: str, code: str = "invalid_arguments") -> Any:
        """A JSON value, given as JSON or as a string of JSON."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise invalid(f"must be valid JSON [json-pointer:/{name}]", code=code) from None

    def names(self, name: str) -> list[str]:
        """A comma-separated list (or a JSON array)."""
        value = self.args.get(name)
        parts = value if isinstance(value, list) else self.text(name).split(",")
        return [str(part).strip() for part in parts if str(part).strip()]

    def conversation(self, name: str = "channel", *, by_name: bool = False) -> Conversation:
        """The conversation named by an argument, when the bot can see it and has the scope for its kind."""
        store, wanted = self.workspace.store, self.need(name)
        found = store.conversations.get(wanted) or (store.named(wanted) if by_name else None)
        if found is None or not (found.is_public or self.workspace.bot.id in found.members):
            raise Refused("channel_not_found")
        self.require(needed_scopes(self.method, found.kind))
        return found

    def joined(self, name: str = "channel") -> Conversation:
        """The same, with the bot in it."""
        found = self.conversation(name)
        if self.workspace.bot.id not in found.members:
            raise Refused("not_in_channel")
        return found

    def require(self, scopes: tuple[str, ...]) -> None:
        """Refuse unless the app was granted one of the scopes."""
        granted = self.workspace.app.scopes
        if scopes and not granted.intersection(scopes):
            raise Refused("missing_scope", needed=scopes[0], provided=",".join(sorted(granted)))


class CallLog:
    """The latest calls, oldest first, without tokens."""

    def __init__(self) -> None:
        self.entries: deque[Json] = deque(maxlen=KEPT_CALLS)
        self._seq = 0

    def add(self, method: str, args: Json, started: float, answer: Json, status: int) -> None:
        """Record one call; `started` is `time.perf_counter()` at its beginning."""
        self._seq += 1
        self.entries.append(
            {
                "seq": self._seq,
                "at": time.time(),
                "method": method,
                "args": {key: value for key, value in args.items() if key != "token"},
                "ok": bool(answer.get("ok")),
                "error": answer.get("error"),
                "ms": round((time.perf_counter() - started) * 1000, 3),
                "status": status,
            }
        )
