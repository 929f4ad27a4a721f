"""Reads the settings from one YAML file and the environment, which wins."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from bot.settings.whole import Settings
from ops_core.errors import Invalid

ENVIRONMENT = {
    "SLACK_BOT_TOKEN": ("slack", "bot_token"),
    "SLACK_APP_TOKEN": ("slack", "app_token"),
    "SLACK_SIGNING_SECRET": ("slack", "signing_secret"),
    "TOCSIN_SLACK_BASE_URL": ("slack", "base_url"),
    "TOCSIN_SLACK_MODE": ("slack", "mode"),
    "TOCSIN_DATABASE": ("database",),
    "TOCSIN_REGISTRY_URI": ("registry", "uri"),
    "TOCSIN_PROMETHEUS_TOKEN": ("prometheus", "token"),
    "TOCSIN_HTTP_HOST": ("http", "host"),
    "TOCSIN_HTTP_PORT": ("http", "port"),
    "TOCSIN_METRICS_TOKEN": ("http", "metrics_token"),
    "TOCSIN_SMTP_PASSWORD": ("oncall", "mail", "password"),
    "TOCSIN_PAGERDUTY_ROUTING_KEY": ("oncall", "pagerduty", "routing_key"),
    "TOCSIN_PAGERDUTY_TOKEN": ("oncall", "pagerduty", "token"),
    "TOCSIN_OPSGENIE_API_KEY": ("oncall", "opsgenie", "api_key"),
    "TOCSIN_WEBHOOK_SECRET": ("oncall", "webhook", "secret"),
    "TOCSIN_SMS_SECRET": ("oncall", "sms", "secret"),
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
