"""The ways to reach people besides Slack. Secrets belong into the environment, not into the file."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from bot.settings.values import Part


class MailSettings(Part):
    """The mail server that carries pages."""

    server: str = Field("", description="SMTP server; none, no pages by e-mail")
    port: int = Field(587, ge=1, le=65535, description="its port")
    tls: Literal["starttls", "tls", "none"] = Field("starttls", description="starttls, tls or none")
    user: str = Field("", description="user name, if it asks for one")
    password: SecretStr = Field(SecretStr(""), description="its password")
    sender: str = Field("tocsin@localhost", description="address that pages come from")


class PagerDutySettings(Part):
    """PagerDuty: events go to its Events API v2, schedules are read from its REST API."""

    routing_key: SecretStr = Field(SecretStr(""), description="integration key of people with `default`")
    events_url: str = Field("https://events.pagerduty.com/v2/enqueue", description="the Events API")
    token: SecretStr = Field(SecretStr(""), description="REST API key, to read schedules")
    api_url: str = Field("https://api.pagerduty.com", description="the REST API")


class OpsgenieSettings(Part):
    """Opsgenie: alerts and schedules."""

    api_key: SecretStr = Field(SecretStr(""), description="API key")
    api_url: str = Field("https://api.opsgenie.com", description="its address; the EU has its own")


class WebhookSettings(Part):
    """A webhook that is told of pages, signed with HMAC-SHA256."""

    url: str = Field("", description="where pages are posted")
    secret: SecretStr = Field(SecretStr(""), description="key of the signature")
    body: str = Field("", description="Jinja template of its JSON; ours, if none")


class SmsSettings(Part):
    """A webhook of an SMS gateway, called for people with a phone."""

    url: str = Field("", description="where text messages are posted")
    secret: SecretStr = Field(SecretStr(""), description="key of the signature")
    body: str = Field("", description="Jinja template of its JSON; ours, if none")
