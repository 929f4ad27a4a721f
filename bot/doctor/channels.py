"""The channels in which the bot speaks: do they exist, and may it?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from slack_sdk import WebClient

from bot.doctor.answer import Answer, failed, ok
from bot.doctor.patient import Patient
from bot.settings import Settings

PAGE = 1000


def named(settings: Settings) -> list[str]:
    """The channels of the settings and of the routes of alerts, each once."""
    ours = settings.channels
    routed = [one.room for one in settings.alerts.routes if one.room]
    return list(dict.fromkeys([*(getattr(ours, name) for name in type(ours).model_fields), *routed]))


def channel(patient: Patient, name: str) -> Answer:
    """One channel is there and can be posted to."""
    identity = patient.known()
    wanted = name.removeprefix("#")
    found = next((one for one in _all(patient.client) if wanted in (one["name"], one["id"])), None)
    if found is None:
        return failed(
            "there is no such public channel",
            f"Make {name} in Slack (if it is private, make it public), or name another in the settings.",
        )
    if found.get("is_archived"):
        return failed("is archived", f"Bring {name} back in Slack, or name another.")
    if found.get("is_member"):
        return ok("the bot is a member")
    if "chat:write.public" in identity.headers.get("x-oauth-scopes", "chat:write.public"):
        return ok("public, and the bot may post")
    return failed("the bot is not a member and may not post", f"Type `/invite @{identity.user}` in {name}.")


def _all(client: WebClient) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = client.conversations_list(limit=PAGE, cursor=cursor or None)
        yield from page["channels"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
