"""The Slack side: clients, the bolt app and its socket."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App, BoltContext, BoltResponse
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler

from bot.adapters import trust
from bot.adapters.directory import Directory
from bot.settings import Settings

POOL = 64
"""Commands and buttons that may work at the same time."""
LOST_SECONDS = 3
"""How soon a lost socket is noticed; what people do meanwhile fails, so it is less than slack_bolt's ten."""
RECEIVE_BYTES = 65_536
"""How much is read from the socket at once: a form is some kilobytes, a burst of commands many."""


def client_of(settings: Settings, *, retry: bool = True) -> WebClient:
    """A client with the bot token; without `retry` each call is made once."""
    client = WebClient(
        token=settings.slack.bot_token.get_secret_value(),
        base_url=settings.slack.base_url,
        timeout=10,
        ssl=trust.of_the_system(),
    )
    patience = [ConnectionErrorRetryHandler(), RateLimitErrorRetryHandler(max_retry_count=3)]
    client.retry_handlers = patience if retry else []
    return client


def bolt_app(settings: Settings, client: WebClient) -> App:
    """The app, whose listeners only queue."""
    return App(
        client=client,
        signing_secret=settings.slack.signing_secret.get_secret_value() or None,
        # The door's listeners only queue, so they need no threads of their own, nor bolt's looks every
        # 10 ms whether they have acknowledged.
        process_before_response=True,
        raise_error_for_unhandled_request=False,
    )


def introduce(app: App, directory: Directory, pool: ThreadPoolExecutor) -> None:
    """Learn the name of whoever acts while they still fill in the form, so that no card waits for it."""

    @app.middleware
    def ask(context: BoltContext, next: Callable[[], BoltResponse]) -> BoltResponse:
        if context.user_id:
            pool.submit(directory.name, context.user_id)
        return next()


def socket_of(settings: Settings, app: App) -> SocketModeHandler | None:
    """The socket of Socket Mode, not yet connected."""
    if settings.slack.mode != "socket":
        return None
    token = settings.slack.app_token.get_secret_value()
    # Its own client, because connections are opened with the app-level token.
    client = WebClient(token=token, base_url=settings.slack.base_url, ssl=trust.of_the_system())
    return SocketModeHandler(
        app, token, web_client=client, receive_buffer_size=RECEIVE_BYTES, ping_interval=LOST_SECONDS
    )
