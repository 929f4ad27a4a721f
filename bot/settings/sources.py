"""Other monitors whose alerts are taken in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.settings.values import LongSpan, Part, SeverityName, Span
from ops_core.severity import Severity

Kind = Literal[
    "alertmanager",
    "grafana",
    "datadog",
    "pagerduty",
    "sns",
    "mlflow",
    "evidently",
    "whylogs",
    "nannyml",
    "json",
    "stream",
]
SourceName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]


class SourceSettings(Part):
    """One other monitor; its alerts come to `/sources/<name>`."""

    kind: Kind = Field(description="whose JSON it is")
    secret_env: str | None = Field(
        None, description="variable with the token or signing secret that the source sends"
    )
    secret_file: Path | None = Field(None, description="the same in a file")
    signature_header: str | None = Field(
        None, description="header with the HMAC-SHA256 of the body, in place of a token"
    )
    topics: list[str] = Field(default_factory=list, description="ARNs of the topics, for `sns`")
    open: bool = Field(False, description="take from anybody; on loopback alone")
    mapping: str | None = Field(None, description="Jinja template that turns any JSON into ours, for `json`")
    labels: dict[str, str] = Field(default_factory=dict, description="added to every alert, and win")
    severity: SeverityName = Field(Severity.P2, description="of an alert that names none")
    severities: dict[str, SeverityName] = Field(
        default_factory=dict, description="the source's words for how bad it is"
    )
    limit: int = Field(10_000, ge=1, description="alerts in one request")
    url: str | None = Field(
        None, description="address of the Alertmanager that is compared with what we know"
    )
    url_token_env: str | None = Field(None, description="variable with the token for that address")
    receiver: str | None = Field(None, description="compare only the alerts for this receiver")
    every: LongSpan = Field(timedelta(minutes=2), description="how often it is compared")
    settle: Span = Field(
        timedelta(minutes=5), description="how long a restarted Alertmanager may have forgotten alerts"
    )
