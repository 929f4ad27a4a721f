"""People who can be called: by the ways that they have, with or without a Slack account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ops_core.errors import NotFound


class Way(StrEnum):
    """A way to reach somebody, in the order in which it is named to people."""

    SLACK = "slack"
    EMAIL = "email"
    PAGERDUTY = "pagerduty"
    OPSGENIE = "opsgenie"
    SMS = "sms"
    WEBHOOK = "webhook"

    @property
    def label(self) -> str:
        """The way as people read it."""
        return _LABELS[self]


_LABELS = {
    Way.SLACK: "Slack",
    Way.EMAIL: "e-mail",
    Way.PAGERDUTY: "PagerDuty",
    Way.OPSGENIE: "Opsgenie",
    Way.SMS: "text message",
    Way.WEBHOOK: "webhook",
}


@dataclass(frozen=True)
class Person:
    """Somebody who can be called. `key` names them in the settings; `slack` is their user id, if any.

    `ways` are those by which they can be reached here: they have the address, and we have the means.
    """

    key: str
    name: str = ""
    slack: str | None = None
    email: str = ""
    phone: str = ""
    ways: tuple[Way, ...] = ()

    @property
    def actor(self) -> str:
        """Who acted, as events keep it: the Slack user id, else the name, which pings nobody."""
        return self.slack or self.label

    @property
    def label(self) -> str:
        """The person as people read it."""
        return self.name or self.key


@dataclass(frozen=True)
class People:
    """Everybody who can be called, by key."""

    by_key: Mapping[str, Person] = field(default_factory=dict)

    def find(self, key: str) -> Person | None:
        """The person with this key; a Slack user id is one of its own."""
        return self.by_key.get(key) or self.of_slack(key)

    def get(self, key: str) -> Person:
        """The same. Raises `NotFound` with those there are."""
        found = self.find(key)
        if found is not None:
            return found
        known = ", ".join(sorted(self.by_key)) or "nobody; name them under `oncall.people` in the settings"
        raise NotFound(f"Nobody is called “{key}”.", hint=f"There are: {known}.")

    def of_slack(self, user: str) -> Person | None:
        """The person behind a Slack user id: one of ours, or somebody whom only Slack knows."""
        known = next((one for one in self.by_key.values() if one.slack == user), None)
        if known is not None:
            return known
        return Person(user, slack=user, ways=(Way.SLACK,)) if is_slack_id(user) else None

    def of_email(self, address: str) -> Person | None:
        """The person with an e-mail address."""
        wanted = address.strip().lower()
        return next((one for one in self.by_key.values() if one.email.lower() == wanted != ""), None)

    def named(self, text: str) -> Person | None:
        """The person whom a calendar or another system calls so: by key, e-mail address or name."""
        wanted = text.strip().lower()
        for one in self.by_key.values():
            if wanted in (one.key.lower(), one.email.lower(), one.name.lower()) and wanted:
                return one
        return None


def is_slack_id(text: str) -> bool:
    """Whether a text has the shape of a Slack user id."""
    return len(text) > 3 and text[0] in "UW" and text.isalnum() and text == text.upper()
