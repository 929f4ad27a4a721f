"""`tocsin alert`: tell the running bot of something, from a terminal, a cron line or a job."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import typer

from bot.cli import config
from bot.settings import Settings, span
from bot.sources.building import secret_of
from ops_core.errors import Invalid

STDIN = "-"


@dataclass(frozen=True)
class Words:
    """What was typed."""

    labels: Sequence[str]
    severity: str | None = None
    summary: str | None = None
    url: str | None = None
    lasts: str | None = None
    resolved: bool = False


def alert(path: Path | None, source: str | None, words: Words) -> int:
    """The exit code: 0 taken, 1 when trying again may help. Raises `Invalid` when it may not."""
    body = _body(words)
    address, token = _place(path, source)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = httpx.post(
            address, content=body, headers=headers, timeout=30, trust_env=not _is_here(address)
        )
    except httpx.HTTPError as error:
        return _later(f"the bot at {address} did not answer: {type(error).__name__}. Is it running?")
    said = _said(answer)
    if answer.status_code == 202:
        typer.echo(f"taken: {said.get('taken')}")
        return 0
    if answer.status_code >= 500:
        return _later(f"the bot cannot take it now: {said.get('error')}")
    raise Invalid(f"The bot did not take it: {said.get('error')}", hint=str(said.get("hint", "")))


def _is_here(address: str) -> bool:
    """Whether it is this machine, which no proxy reaches."""
    return httpx.URL(address).host in ("127.0.0.1", "::1", "localhost")


def _later(why: str) -> int:
    typer.echo(f"tocsin: {why}", err=True)
    return 1


def _body(words: Words) -> bytes:
    """What is sent: what stdin holds as it is, or one alert."""
    if list(words.labels) == [STDIN]:
        return sys.stdin.buffer.read()
    told = {
        "labels": dict(_label(each) for each in words.labels),
        "severity": words.severity,
        "summary": words.summary,
        "url": words.url,
        "status": "resolved" if words.resolved else None,
        "ends_at": None if words.lasts is None else (datetime.now(UTC) + _span(words.lasts)).isoformat(),
    }
    return json.dumps({name: value for name, value in told.items() if value}).encode()


def _label(typed: str) -> tuple[str, str]:
    name, sign, value = typed.partition("=")
    if not sign or not name:
        raise Invalid(
            f"“{typed}” is no label.", hint="Write labels as name=value, such as alertname=disk_full."
        )
    return name, value


def _span(typed: str) -> timedelta:
    try:
        found = span(typed)
    except ValueError as error:
        raise Invalid(f"--for {typed}: {error}.") from None
    if not isinstance(found, timedelta) or not found:
        raise Invalid("--for must be longer than nothing.")
    return found


def _place(path: Path | None, source: str | None) -> tuple[str, str]:
    """Where to send it and the token: by variables, or as the settings say of this machine's bot."""
    if address := os.environ.get("TOCSIN_ALERT_URL"):
        return address, os.environ.get("TOCSIN_ALERT_TOKEN", "")
    settings, folder = config.read(path)
    name = _source(settings, source)
    if not settings.http.port:
        raise Invalid("http.port is not set, so the bot cannot be told.", hint="Set it, or TOCSIN_ALERT_URL.")
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.http.host, settings.http.host)  # noqa: S104 - to reach it
    secret = secret_of(name, settings.sources[name], folder, os.environ)
    return f"http://{host}:{settings.http.port}/sources/{name}", secret


def _source(settings: Settings, wanted: str | None) -> str:
    """The source of our own form that was named, or the only one."""
    ours = [name for name, one in settings.sources.items() if one.kind == "json" and one.mapping is None]
    if wanted is None and len(ours) == 1:
        return ours[0]
    if wanted in ours:
        return str(wanted)
    raise Invalid(
        f"The settings name {'no such source' if wanted or not ours else 'several sources'} of our own JSON.",
        hint=f"Choose with --source: {', '.join(ours)}." if ours else "README, “Other monitors”, shows one.",
    )


def _said(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        said = None
    return said if isinstance(said, dict) else {"error": f"HTTP {answer.status_code}"}
