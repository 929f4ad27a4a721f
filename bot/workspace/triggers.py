"""Trigger ids: the short-lived permission to open a modal that every interaction carries."""

import secrets
import time
from dataclasses import dataclass

from bot.workspace.errors import Refused


@dataclass
class Trigger:
    """Who acted, when (monotonic seconds), inside which modal, and whether it was spent."""

    user: str
    issued: float
    view_id: str | None = None
    spent: bool = False


class Triggers:
    """Issues trigger ids and lets each be spent once, within `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str, view_id: str | None = None) -> str:
        """A new trigger id for one interaction."""
        trigger_id = f"{len(self._issued) + 1}.{time.time_ns() // 1000}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = Trigger(user, time.monotonic(), view_id)
        return trigger_id

    def spend(self, trigger_id: str) -> Trigger:
        """Use it up; raises what Slack answers when it is unknown, used or too old."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.spent:
            raise Refused("exchanged_trigger_id")
        if time.monotonic() - trigger.issued > self.seconds:
            raise Refused("expired_trigger_id")
        trigger.spent = True
        return trigger
