"""Why Slack, or anything else, said no: in a few words."""

from __future__ import annotations

from typing import Any

from slack_sdk.errors import SlackApiError


def code_of(error: SlackApiError) -> str:
    """Slack's word for why it refused."""
    response: Any = error.response
    data = getattr(response, "data", response)
    return str(
        data["error"] if isinstance(data, dict) and "error" in data else f"HTTP {response.status_code}"
    )


def reason_of(error: Exception) -> str:
    """Why something could not be reached or read, in one line."""
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
    return str(reason) or type(error).__name__
