"""What runs by the clock, how careful it is, and where it listens."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field, SecretStr

from bot.settings.values import CronLine, Part, SeverityName, Span, TimezoneName
from ops_core.severity import Severity


class Schedule(Part):
    """What is posted by the clock."""

    summary: CronLine = Field("0 8 * * *", description="cron line of the daily summary")
    hourly: CronLine = Field("5 * * * *", description="when checks with `cadence: hourly` are run")
    daily: CronLine = Field("15 6 * * *", description="the same, `daily`")
    weekly: CronLine = Field("0 7 * * 1", description="`weekly`, over 7 days, and the weekly review")
    monthly: CronLine = Field("0 7 1 * *", description="`monthly`, over 28 days, and the monthly audit")
    timezone: TimezoneName = Field("UTC", description="in which the cron lines are read")


class RollbackSettings(Part):
    """How careful rollbacks are."""

    second_person_at: list[SeverityName] = Field(
        default_factory=lambda: [Severity.P0, Severity.P1], description="severities that need two people"
    )
    verify_within: Span = Field(timedelta(minutes=2), description="how long the proof may take")


class Http(Part):
    """The HTTP door: health for probes, and Slack's requests in HTTP mode."""

    host: str = Field("127.0.0.1", description="address to listen on; loopback unless told otherwise")
    port: int | None = Field(
        None, ge=0, le=65535, description="port to listen on; none, no HTTP door in Socket Mode"
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="bearer token of /metrics; without it only this machine may ask"
    )
    largest_body: int = Field(
        5_000_000, ge=1_000, description="bytes of an alert source's request; more is refused"
    )
