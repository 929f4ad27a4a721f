"""A running workspace and a real slack-bolt app that is connected to it."""

import threading
import time
from collections.abc import Callable, Iterator
from queue import Queue
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.workspace.person import PersonClient
from bot.workspace.running import Running, running
from bot.workspace.server import Workspace
from tests import local

SCOPES = [
    *("app_mentions:read", "bookmarks:read", "bookmarks:write", "channels:history", "channels:join"),
    *("channels:manage", "channels:read", "chat:write", "commands", "files:read", "files:write"),
    *("groups:history", "groups:read", "groups:write", "im:history", "im:read", "im:write", "pins:read"),
    *("pins:write", "reactions:read", "reactions:write", "usergroups:read", "users:read", "users:read.email"),
]
EVENTS = [
    *("app_home_opened", "app_mention", "channel_archive", "channel_created", "channel_rename"),
    *("member_joined_channel", "member_left_channel", "message.channels", "message.im", "pin_added"),
    *("pin_removed", "reaction_added", "reaction_removed"),
]
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Bell"},
    "features": {
        "bot_user": {"display_name": "bell"},
        "app_home": {"home_tab_enabled": True},
        "slash_commands": [
            {"command": "/ring", "description": "Ring the bell", "usage_hint": "[times]"},
            {"command": "/tell", "description": "Tell someone", "should_escape": True},
        ],
        "shortcuts": [
            {"name": "Ring", "type": "global", "callback_id": "ring", "description": "Ring the bell"},
            {"name": "Quote", "type": "message", "callback_id": "quote", "description": "Quote it"},
        ],
    },
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {
        "event_subscriptions": {"bot_events": EVENTS},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


@pytest.fixture
def place() -> Iterator[Running]:
    """A workspace with short time limits; the bot is in #general."""
    workspace = Workspace(
        MANIFEST,
        bot_channels=["general"],
        answer_seconds=0.5,
        trigger_seconds=1.0,
        retry_seconds=(0.05, 0.1, 0.2),
    )
    with running(workspace) as place:
        yield place


@pytest.fixture
def client(place: Running) -> WebClient:
    """The bot's Web API client, unmodified."""
    return WebClient(token="xoxb-local", base_url=place.api_url)


@pytest.fixture
def app(client: WebClient) -> App:
    """A real slack-bolt app, not connected yet, so that a test can add its listeners."""
    return App(client=client, signing_secret="local-signing-secret", process_before_response=False)


@pytest.fixture
def connect(app: App, place: Running) -> Iterator[Callable[[], None]]:
    """Connects the app over Socket Mode; may be called again for a second connection."""
    handlers: list[SocketModeHandler] = []

    def connect() -> None:
        web_client = WebClient(token="xapp-local", base_url=place.api_url)
        handler = SocketModeHandler(app, "xapp-local", web_client=web_client, ping_interval=0.2)
        handler.connect()
        handlers.append(handler)

    yield connect
    for handler in handlers:
        handler.client.auto_reconnect_enabled = False
    local.post(f"{place.url}/control/sockets/drop")  # else closing waits 3 s for the client's blocking read
    deadline = time.monotonic() + 4
    for handler in handlers:
        while handler.client.is_connected() and time.monotonic() < deadline:
            threading.Event().wait(0.005)
        closing = threading.Thread(target=handler.close)
        closing.start()
        while closing.is_alive():
            handler.client.message_queue.put("")  # wakes a reader that else sleeps for a second
            closing.join(0.01)


@pytest.fixture
def ana(place: Running) -> Iterator[PersonClient]:
    """Ana, who is on call."""
    with PersonClient(place.url, "ana") as person:
        yield person


@pytest.fixture
def ben(place: Running) -> Iterator[PersonClient]:
    """Ben, who leads the team."""
    with PersonClient(place.url, "ben") as person:
        yield person


@pytest.fixture
def channel(ana: PersonClient) -> str:
    """The id of #general, where everybody is."""
    return str(ana.channel("general")["channel"]["id"])


@pytest.fixture
def keep() -> Callable[[Queue[Any]], Callable[..., None]]:
    """Makes a listener that acknowledges and keeps the body."""

    def keep(bodies: Queue[Any]) -> Callable[..., None]:
        def listener(ack: Any, body: dict[str, Any]) -> None:
            ack()
            bodies.put(body)

        return listener

    return keep
