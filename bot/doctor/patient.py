"""Whom the doctor looks at: the settings, and the means to reach what they name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.adapters import trust
from bot.adapters.mlflow_registry import MlflowRegistry
from bot.doctor.answer import Untold
from bot.settings import Settings, anchored
from bot.worker import Worker
from ops_core.registry import Registry

PATIENCE_SECONDS = 8


@dataclass(frozen=True)
class Identity:
    """What `auth.test` says, with the headers of its answer by lower-case name."""

    user: str
    team: str
    headers: Mapping[str, str]


class Patient:
    """Nothing is opened before a point asks for it."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.folder = folder
        self.worker = Worker(settings.worker_memory_mb)
        self._asking = Lock()
        self._identity: Identity | Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the worker."""
        self.worker.close()

    @cached_property
    def client(self) -> WebClient:
        """Slack with the bot token; it may not be valid."""
        return self._client(self.settings.slack.bot_token.get_secret_value())

    @cached_property
    def app_client(self) -> WebClient:
        """Slack with the app-level token."""
        return self._client(self.settings.slack.app_token.get_secret_value())

    @property
    def database_url(self) -> str:
        """Where Tocsin's own database is."""
        return anchored(self.settings.database, self.folder)

    @cached_property
    def registry(self) -> Registry:
        """The models' registry."""
        return MlflowRegistry(anchored(self.settings.registry.uri, self.folder), None, self.worker)

    def identify(self) -> Identity:
        """Who we are to Slack; asked once. Raises what the call raised."""
        with self._asking:
            if self._identity is None:
                try:
                    self._identity = _identity(self.client)
                except (SlackApiError, OSError) as error:
                    self._identity = error
        if isinstance(self._identity, Exception):
            raise self._identity
        return self._identity

    def known(self) -> Identity:
        """The same, for points that need a valid token and do not themselves report a bad one."""
        if not self.settings.slack.bot_token.get_secret_value():
            raise Untold("there is no bot token")
        try:
            return self.identify()
        except (SlackApiError, OSError) as error:
            raise Untold("the bot token does not work") from error

    def _client(self, token: str) -> WebClient:
        return WebClient(
            token=token,
            base_url=self.settings.slack.base_url,
            timeout=PATIENCE_SECONDS,
            ssl=trust.of_the_system(),
        )


def _identity(client: WebClient) -> Identity:
    answer = client.auth_test()
    headers = {name.lower(): _one(value) for name, value in (answer.headers or {}).items()}
    return Identity(str(answer.get("user", "")), str(answer.get("team", "")), headers)


def _one(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
