"""Response URLs: the right to answer one interaction five times within half an hour."""

import secrets
import time
from dataclasses import dataclass

from bot.workspace.errors import Refused


@dataclass
class ResponseUrl:
    """Where an answer goes: the conversation, the person, and the message that was acted on (if any)."""

    channel: str
    user: str
    message_ts: str | None
    is_ephemeral: bool
    expires: float
    uses: int = 5


class ResponseUrls:
    """Issues response URLs by id and counts their uses."""

    def __init__(self, seconds: float = 1800.0) -> None:
        self.seconds = seconds
        self._issued: dict[str, ResponseUrl] = {}

    def issue(
        self, channel: str, user: str, message_ts: str | None = None, *, is_ephemeral: bool = False
    ) -> str:
        """The id of a new one."""
        key = secrets.token_urlsafe(18)
        expires = time.monotonic() + self.seconds
        self._issued[key] = ResponseUrl(channel, user, message_ts, is_ephemeral, expires)
        return key

    def find(self, key: str) -> ResponseUrl:
        """The one with this id while it is good; raises what Slack answers otherwise."""
        found = self._issued.get(key)
        if found is None or found.expires < time.monotonic():
            raise Refused("expired_url")
        if found.uses <= 0:
            raise Refused("used_url")
        return found
