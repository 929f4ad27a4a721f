"""Settings: one YAML file and the environment, refused at start with a sentence when wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from apscheduler.triggers.cron import CronTrigger
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)

from ops_core.errors import Invalid
from ops_core.people import Role
from ops_core.severity import Severity

_SPAN = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*$")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def span(value: object) -> object:
    """Read "90s", "15m", "24h" or "7d"; a number alone could mean any unit, and is refused."""
    if isinstance(value, timedelta):
        return value
    match = _SPAN.match(str(value))
    if match is None:
        raise ValueError('write a span as "90s", "15m", "24h" or "7d"')
    return timedelta(seconds=float(match[1]) * _UNITS[match[2]])


def _role(value: object) -> Role:
    if str(value).upper() not in Role.__members__:
        raise ValueError(f"a role is {', '.join(role.name.lower() for role in Role)}")
    return Role[str(value).upper()]


def _severity(value: object) -> Severity:
    try:
        return Severity.parse(str(value))
    except Invalid as error:
        raise ValueError(f"{error.message} {error.hint}".rstrip(".")) from None


def _cron_line(value: str) -> str:
    CronTrigger.from_crontab(value, timezone="UTC")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder, such as "Europe"
        raise ValueError("there is no such time zone; one is Europe/Berlin") from None
    return value


Span = Annotated[timedelta, BeforeValidator(span), Field(ge=timedelta(0))]
LongSpan = Annotated[timedelta, BeforeValidator(span), Field(ge=timedelta(seconds=0.1))]
RoleName = Annotated[Role, BeforeValidator(_role, json_schema_input_type=str)]
SeverityName = Annotated[Severity, BeforeValidator(_severity, json_schema_input_type=str)]
CronLine = Annotated[str, AfterValidator(_cron_line)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SlackSettings(_Part):
    """How to reach Slack. Tokens belong into the environment, not into the file."""

    bot_token: SecretStr = Field(SecretStr(""), description="xoxb-…, from OAuth & Permissions")
    app_token: SecretStr = Field(SecretStr(""), description="xapp-…, for Socket Mode")
    signing_secret: SecretStr = Field(SecretStr(""), description="for HTTP mode, from Basic Information")
    base_url: str = Field("https://slack.com/api/", description="Slack's Web API, or the local workspace's")
    mode: Literal["socket", "http"] = Field("socket", description="how Slack's events reach the bot")


class Channels(_Part):
    """Where the bot speaks when nobody asked in a channel."""

    alerts: str = Field("#ml-alerts", description="alert cards")
    incidents: str = Field("#ml-incidents", description="one line for each incident that opens")
    summary: str = Field("#ml-alerts", description="the daily summary")


class People(_Part):
    """Who is called, and who may do what; each person by Slack user id or e-mail address."""

    on_call: list[str] = Field(default_factory=list, description="invited to every incident")
    roles: dict[str, RoleName] = Field(
        default_factory=dict, description="viewer, responder, commander, admin"
    )
    default_role: RoleName = Field(Role.RESPONDER, description="of everybody who is not listed")


class RegistrySettings(_Part):
    """The MLflow registry."""

    uri: str = Field("sqlite:///mlflow.db", repr=False, description="MLflow's tracking and registry address")


class CheckSettings(_Part):
    """A check of the catalogue, with the options that differ from its defaults."""

    model_config = ConfigDict(extra="allow", frozen=True)
    check: str

    @property
    def options(self) -> dict[str, Any]:
        """All but the name."""
        return dict(self.model_extra or {})


class Columns(_Part):
    """What the columns of the Parquet files are called."""

    key: str = Field("request_id", description="joins a prediction with its label")
    at: str = Field("at", description="when it was served; without a zone, UTC")
    version: str | None = Field("model_version", description="which version answered")
    score: str | None = Field("score", description="the probability of the positive label")
    prediction: str = Field("prediction", description="the answer")
    label: str = Field("label", description="the truth")
    group: str | None = Field(None, description="groups to be treated alike; turns on the fairness checks")
    segment: str | None = Field(None, description="segments; an alarm names the worst")


class ModelSettings(_Part):
    """One model under watch."""

    alias: str = Field("champion", description="the alias that names the version in production")
    owner: str | None = Field(None, description="Slack user id or e-mail, called to its incidents")
    predictions: str = Field(description="Parquet file, folder or glob with one row a prediction")
    labels: str | None = Field(None, description="the same for labels that come later")
    reference: str = Field(description="Parquet file with what counts as normal")
    columns: Columns = Columns()
    features: list[str] = Field(
        default_factory=list, description="columns to watch for drift; all others, if none"
    )
    positive_label: int | str = Field(1, description="the label that precision and recall are about")
    label_delay: Span = Field(timedelta(0), description="how late labels come")
    serving_url: str | None = Field(None, description="the model server; /health is asked of it")
    window: LongSpan = Field(timedelta(hours=24), description="how far back the checks look")
    every: LongSpan = Field(timedelta(minutes=5), description="how often they look")
    checks: list[CheckSettings] = Field(default_factory=list, description="the checks; all, if none is named")


class Schedule(_Part):
    """What is posted by the clock."""

    summary: CronLine = Field("0 8 * * *", description="cron line of the daily summary")
    timezone: Annotated[str, AfterValidator(_timezone)] = Field(
        "UTC", description="in which the cron lines are read"
    )


class RollbackSettings(_Part):
    """How careful rollbacks are."""

    second_person_at: list[SeverityName] = Field(
        default_factory=lambda: [Severity.P0, Severity.P1], description="severities that need two people"
    )
    verify_within: Span = Field(timedelta(minutes=2), description="how long the proof may take")


class Http(_Part):
    """The HTTP door: health for probes, and Slack's requests in HTTP mode."""

    host: str = Field("127.0.0.1", description="address to listen on; loopback unless told otherwise")
    port: int | None = Field(
        None, ge=0, le=65535, description="port to listen on; none, no HTTP door in Socket Mode"
    )


class Settings(_Part):
    """All of it. Relative paths are relative to the file."""

    slack: SlackSettings = SlackSettings()
    database: str = Field(
        "sqlite:///tocsin.db", repr=False, description="SQLAlchemy address of Tocsin's own database"
    )
    channels: Channels = Channels()
    people: People = People()
    registry: RegistrySettings = RegistrySettings()
    models: dict[str, ModelSettings] = Field(default_factory=dict, description="the models under watch")
    schedule: Schedule = Schedule()
    rollback: RollbackSettings = RollbackSettings()
    http: Http = Http()
    templates: Path | None = Field(None, description="folder with templates that replace ours")
    worker_memory_mb: int = Field(2048, ge=256, description="memory limit of the process that runs checks")


ENVIRONMENT = {
    "SLACK_BOT_TOKEN": ("slack", "bot_token"),
    "SLACK_APP_TOKEN": ("slack", "app_token"),
    "SLACK_SIGNING_SECRET": ("slack", "signing_secret"),
    "TOCSIN_SLACK_BASE_URL": ("slack", "base_url"),
    "TOCSIN_SLACK_MODE": ("slack", "mode"),
    "TOCSIN_DATABASE": ("database",),
    "TOCSIN_REGISTRY_URI": ("registry", "uri"),
    "TOCSIN_HTTP_HOST": ("http", "host"),
    "TOCSIN_HTTP_PORT": ("http", "port"),
}
"""The variables that are read, each with its place in the file; the environment wins."""


def load(path: Path | None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises `Invalid` that names each mistake with its place."""
    values = _read(path) if path else {}
    given = {place: name for name, place in ENVIRONMENT.items() if environment.get(name)}
    for place, name in given.items():
        _put(values, place, environment[name])
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        told = "; ".join(_told(one, given) for one in error.errors(include_input=False))
        raise Invalid(
            f"The settings in {path or 'the environment'} are wrong: {told}.",
            hint="README, “Settings”, lists them.",
        ) from None


def anchored(url: str, folder: Path) -> str:
    """A relative SQLite address, made relative to the settings' folder."""
    prefix = "sqlite:///"
    if not url.startswith(prefix) or url.startswith(f"{prefix}/") or url == f"{prefix}:memory:":
        return url
    return f"{prefix}{(folder / url.removeprefix(prefix)).absolute()}"


def _told(mistake: Any, given: Mapping[tuple[str, ...], str]) -> str:
    """A mistake with its place: a variable, if the value is from one. Never the value: it may be secret."""
    place = tuple(map(str, mistake["loc"]))
    where = given.get(place) or ".".join(place)
    if mistake["type"] == "extra_forbidden":
        return f"{where}: there is no such setting"
    if mistake["type"] == "missing":
        return f"{where}: is missing"
    return f"{where}: {mistake['msg'].removeprefix('Value error, ').rstrip('.')}"


def _read(path: Path) -> dict[str, Any]:
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except OSError as error:
        raise Invalid(
            f"{path} cannot be read: {error.strerror}.", hint="Give its path with --config."
        ) from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{path} is not UTF-8 text.") from error
    except yaml.YAMLError as error:
        raise Invalid(f"{path} is not YAML{_spot(error)}.") from None
    if not isinstance(values, dict):
        raise Invalid(f"{path} holds a {type(values).__name__}; settings are names with values.")
    return {name: value for name, value in values.items() if value is not None}


def _spot(error: yaml.YAMLError) -> str:
    """Where, without the line itself: it may hold a token."""
    mark = getattr(error, "problem_mark", None)
    return (
        f": {getattr(error, 'problem', '')} in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    )


def _put(values: dict[str, Any], place: tuple[str, ...], value: str) -> None:
    for part in place[:-1]:
        inner = values.setdefault(part, {})
        if not isinstance(inner, dict):
            return  # wrong in the file; it is refused there
        values = inner
    values[place[-1]] = value
