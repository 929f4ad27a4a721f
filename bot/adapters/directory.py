"""Who people are: Slack user ids, e-mail addresses and names."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from http.client import HTTPException
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from ops_core.people import TOCSIN

log = logging.getLogger(__name__)


class Directory:
    """Asks Slack once for each person and remembers."""

    def __init__(self, client: WebClient) -> None:
        self.client = client
        self._ids: dict[str, str] = {}
        self._home = ""
        self._users: dict[str, dict[str, Any]] = {}

    def id_of(self, person: str) -> str | None:
        """The user id of an e-mail address or id; None when Slack does not know them."""
        if "@" not in person:
            return person
        if person not in self._ids:
            try:
                self._ids[person] = str(self.client.users_lookupByEmail(email=person)["user"]["id"])
            except (SlackApiError, OSError, HTTPException) as error:
                log.warning("%s is not known to Slack: %s", person, error)
                return None
        return self._ids[person]

    def ids_of(self, people: Iterable[str]) -> list[str]:
        """The ids of those whom Slack knows."""
        return [found for found in map(self.id_of, people) if found]

    def name(self, person: str) -> str | None:
        """The name of a user id, as a document shows it."""
        if not person.startswith(("U", "W")):
            return "Tocsin" if person == TOCSIN else None
        user = self._user(person)
        return str(user.get("real_name") or user["name"]) if user else None

    def home(self) -> str:
        """The address of the workspace, with a slash at its end."""
        if not self._home:
            try:
                self._home = str(self.client.auth_test()["url"])
            except (SlackApiError, OSError, HTTPException) as error:
                log.warning("the address of the workspace is not to be had: %s", error)
                return "https://slack.com/"
        return self._home

    def zone(self, person: str) -> ZoneInfo | None:
        """The time zone that a user id has set in Slack; None when it is not to be had."""
        try:
            return ZoneInfo(str((self._user(person) or {}).get("tz") or ""))
        except (ZoneInfoNotFoundError, ValueError):
            return None

    def _user(self, person: str) -> dict[str, Any] | None:
        if person not in self._users:
            try:
                self._users[person] = dict(self.client.users_info(user=person)["user"])
            except (SlackApiError, OSError, HTTPException) as error:
                log.warning("who %s is, is not to be had: %s", person, error)
                return None
        return self._users[person]
