"""Tells the running bot something by its HTTP door, as other monitors do."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import typer

from bot.cli import config
from bot.settings import Settings
from bot.sources.building import secret_of
from ops_core.errors import Invalid


@dataclass(frozen=True)
class Door:
    """Where it is told: by the variables `<variables>_URL` and `_TOKEN`, or a source of a kind.

    `form` is what such a source takes, for a person.
    """

    variables: str
    kind: str
    form: str


def post(body: bytes, door: Door, path: Path | None, source: str | None) -> int:
    """The exit code: 0 taken, 1 when trying again may help. Raises `Invalid` when it may not."""
    address, token = _place(door, path, source)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = httpx.post(
            address, content=body, headers=headers, timeout=30, trust_env=not _is_here(address)
        )
    except httpx.HTTPError as error:
        return _later(f"the bot at {address} did not answer: {type(error).__name__}. Is it running?")
    said = _said(answer)
    if answer.status_code == 202:
        before = f", {said['repeated']} of them counted before" if said.get("repeated") else ""
        typer.echo(f"taken: {said.get('taken')}{before}")
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


def _place(door: Door, path: Path | None, source: str | None) -> tuple[str, str]:
    """Where to send it and the token: by variables, or as the settings say of this machine's bot."""
    if address := os.environ.get(f"{door.variables}_URL"):
        return address, os.environ.get(f"{door.variables}_TOKEN", "")
    settings, folder = config.read(path)
    name = _source(settings, door, source)
    if not settings.http.port:
        hint = f"Set it, or {door.variables}_URL."
        raise Invalid("http.port is not set, so the bot cannot be told.", hint=hint)
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.http.host, settings.http.host)  # noqa: S104 - to reach it
    secret = secret_of(name, settings.sources[name], folder, os.environ)
    return f"http://{host}:{settings.http.port}/sources/{name}", secret


def _source(settings: Settings, door: Door, wanted: str | None) -> str:
    """The source of that kind that was named, or the only one."""
    ours = [name for name, one in settings.sources.items() if one.kind == door.kind and one.mapping is None]
    if wanted is None and len(ours) == 1:
        return ours[0]
    if wanted in ours:
        return str(wanted)
    raise Invalid(
        f"The settings name {'no such source' if wanted or not ours else 'several sources'} of {door.form}.",
        hint=f"Choose with --source: {', '.join(ours)}." if ours else "README, “Other monitors”, shows one.",
    )


def _said(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        said = None
    return said if isinstance(said, dict) else {"error": f"HTTP {answer.status_code}"}
