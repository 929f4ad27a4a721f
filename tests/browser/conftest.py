"""A workspace, its page in headless Chromium, and a real slack-bolt app behind it."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import Queue
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.workspace.person import PersonClient
from bot.workspace.running import Running, running
from bot.workspace.server import Workspace
from tests import local

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
SCOPES = [
    *("channels:history", "channels:join", "channels:read", "chat:write", "commands"),
    *("files:write", "im:history", "im:write", "users:read"),
]
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Bell"},
    "features": {
        "bot_user": {"display_name": "bell"},
        "app_home": {"home_tab_enabled": True},
        "slash_commands": [{"command": "/ring", "description": "Ring the bell", "usage_hint": "[times]"}],
    },
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "message.im"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def plain(text: str) -> dict[str, str]:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def option(name: str) -> dict[str, Any]:
    """An option of a menu."""
    return {"text": plain(name.title()), "value": name}


MENU = {"type": "static_select", "action_id": "bell.size", "options": [option("small"), option("large")]}
BUTTON = {"type": "button", "action_id": "bell.stop", "text": plain("Stop"), "value": "7"}
FORM = {
    "type": "modal",
    "callback_id": "bell.form",
    "title": plain("Ring"),
    "submit": plain("Ring it"),
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": plain("Why"),
            "element": {"type": "plain_text_input", "action_id": "value"},
        },
        {
            "type": "input",
            "block_id": "size",
            "label": plain("Size"),
            "element": {**MENU, "action_id": "value"},
        },
    ],
}


class Visitor:
    """Someone in front of the page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def part(self, name: str) -> Locator:
        """A part of the page by its `data-testid`."""
        return self.page.get_by_test_id(name)

    def write(self, text: str) -> None:
        """Type into the composer and send."""
        self.part("composer").fill(text)
        self.part("composer-send").click()

    def message(self, text: str) -> Locator:
        """The message of the open channel that says this."""
        return self.part("messages").locator("article.message", has_text=text)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; without it they are skipped, but never where CI is set."""
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("Chromium is not installed: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def place() -> Iterator[Running]:
    """A workspace of its own for each test; the bot is in #general."""
    with running(Workspace(MANIFEST, bot_channels=["general"])) as place:
        yield place


@pytest.fixture
def ben(place: Running) -> Iterator[PersonClient]:
    """Ben, who acts from Python while Ana uses the page."""
    with PersonClient(place.url, "ben") as person:
        yield person


@pytest.fixture
def bell(place: Running) -> WebClient:
    """The bot's Web API client."""
    return WebClient(token="xoxb-local", base_url=place.api_url)


@pytest.fixture
def channel(ben: PersonClient) -> str:
    """The id of #general."""
    return str(ben.channel("general")["channel"]["id"])


@pytest.fixture
def visit(browser: Browser, place: Running) -> Iterator[Callable[..., Visitor]]:
    """Opens the page at an address of its own; a script error on it fails the test."""
    pages: list[Page] = []
    errors: list[str] = []

    def visit(address: str, width: int = 1280) -> Visitor:
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(page)
        page.goto(f"{place.url}/?theme=light#{address}")
        page.locator("[data-ready]").wait_for()
        return Visitor(page)

    yield visit
    for page in pages:
        page.close()
    assert errors == []


@pytest.fixture
def heard(place: Running, bell: WebClient) -> Iterator[Queue[dict[str, Any]]]:
    """Connects an app that opens the form for /ring and keeps every payload."""
    bodies: Queue[dict[str, Any]] = Queue()
    app = App(client=bell, signing_secret="local-signing-secret")

    def keep(ack: Any, body: dict[str, Any]) -> None:
        ack()
        bodies.put(body)

    def ring(ack: Any, body: dict[str, Any]) -> None:
        ack()
        bell.views_open(trigger_id=body["trigger_id"], view=FORM)

    def form(ack: Any, body: dict[str, Any]) -> None:
        wrong = body["view"]["state"]["values"]["why"]["value"]["value"] == "no reason"
        if wrong:
            ack(response_action="errors", errors={"why": "That is none."})
        else:
            keep(ack, body)

    app.command("/ring")(ring)
    app.view("bell.form")(form)
    for action in ("bell.stop", "bell.size", "bell.day"):
        app.action(action)(keep)
    web_client = WebClient(token="xapp-local", base_url=place.api_url)
    handler = SocketModeHandler(app, "xapp-local", web_client=web_client, ping_interval=0.2)
    handler.connect()
    yield bodies
    handler.client.auto_reconnect_enabled = False
    with suppress(httpx.HTTPError):
        local.post(f"{place.url}/control/sockets/drop")
    deadline = time.monotonic() + 4
    while handler.client.is_connected() and time.monotonic() < deadline:
        threading.Event().wait(0.005)
    handler.close()
