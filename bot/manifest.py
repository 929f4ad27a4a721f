"""The Slack app's manifest: the text that a person pastes into Slack."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from ops_core.errors import Invalid

SLACK_PATH = "/slack/events"
"""Where the HTTP door takes Slack's requests of every kind."""
_PLACES = (Path(__file__).with_name("manifest.yml"), Path(__file__).parents[1] / "manifest.yml")
"""An installed package carries a copy beside this file; in a checkout there is only the root's."""


def text() -> str:
    """The manifest for Socket Mode, as it stands in the file."""
    return next(place for place in _PLACES if place.is_file()).read_text(encoding="utf-8")


def values() -> dict[str, Any]:
    """The same, read."""
    return dict(yaml.safe_load(text()))


def for_http(url: str) -> str:
    """The manifest for HTTP mode; `url` is where Slack reaches the bot. Raises `Invalid` for a bad one."""
    address, manifest = _address(url), values()
    for command in manifest["features"]["slash_commands"]:
        command["url"] = address
    settings = manifest["settings"]
    settings["event_subscriptions"] = {"request_url": address, **settings["event_subscriptions"]}
    settings["interactivity"]["request_url"] = address
    settings["socket_mode_enabled"] = False
    return yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=110)


def _address(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme != "https" or not parts.hostname:
        raise Invalid(
            f"“{url}” is no address that Slack can call.",
            hint="Give the public https address of the bot, such as https://tocsin.example.com.",
        )
    return f"https://{parts.netloc}{parts.path.rstrip('/').removesuffix(SLACK_PATH)}{SLACK_PATH}"
