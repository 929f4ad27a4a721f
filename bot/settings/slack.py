"""How to reach Slack, and where to speak there."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from bot.settings.values import Part


class SlackSettings(Part):
    """How to reach Slack. Tokens belong into the environment, not into the file."""

    bot_token: SecretStr = Field(SecretStr(""), description="xoxb-…, from OAuth & Permissions")
    app_token: SecretStr = Field(SecretStr(""), description="xapp-…, for Socket Mode")
    signing_secret: SecretStr = Field(SecretStr(""), description="for HTTP mode, from Basic Information")
    base_url: str = Field("https://slack.com/api/", description="Slack's Web API, or the local workspace's")
    mode: Literal["socket", "http"] = Field("socket", description="how Slack's events reach the bot")
    pace: float = Field(
        1.0, gt=0, description="how fast to call, as a multiple of the limits that Slack publishes"
    )


class Channels(Part):
    """Where the bot speaks when nobody asked in a channel."""

    alerts: str = Field("#ml-alerts", description="alert cards")
    incidents: str = Field("#ml-incidents", description="one line for each incident that opens")
    summary: str = Field("#ml-alerts", description="the daily summary")
