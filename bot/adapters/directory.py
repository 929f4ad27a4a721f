"""Who people are: Slack user ids, e-mail addresses and names."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from ops_core.people import TOCSIN

log = logging.getLogger(__name__)


class Directory:
    """Asks Slack once for each person and remembers."""

    def __init__(self, client: WebClient) -> None:
        self.client = client
        self._ids: dict[str, str] = {}
        self._names: dict[str, str] = {}

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
        if person not in self._names:
            try:
                user = self.client.users_info(user=person)["user"]
            except (SlackApiError, OSError, HTTPException) as error:
                log.warning("the name of %s is not to be had: %s", person, error)
                return None
            self._names[person] = str(user.get("real_name") or user["name"])
        return self._names[person]
