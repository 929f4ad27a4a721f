"""PagerDuty: pages by the Events API v2, schedules by the REST API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from bot.adapters.calling import call
from bot.settings.reach import PagerDutySettings
from ops_core.errors import Invalid
from ops_core.oncall.person import People
from ops_core.oncall.reach import Act, Notice
from ops_core.oncall.turn import Turn
from ops_core.severity import Severity

_SEVERITIES = {
    Severity.P0: "critical",
    Severity.P1: "error",
    Severity.P2: "warning",
    Severity.P3: "info",
}
_LONGEST_KEY, _LONGEST_SUMMARY = 255, 1024


class PagerDuty:
    """Triggers, acknowledges and resolves under one key, which PagerDuty itself keeps to one incident."""

    def __init__(self, settings: PagerDutySettings, keys: Mapping[str, SecretStr]) -> None:
        self.settings = settings
        self.keys = keys

    def send(self, notice: Notice) -> None:
        """Send one event. Raises `Unavailable` when trying again may help, else `Invalid`."""
        key = self.keys.get(notice.person.key)
        if key is None or not key.get_secret_value():
            raise Invalid(
                f"{notice.person.label} has no PagerDuty key.",
                hint=f"Set oncall.people.{notice.person.key}.pagerduty or TOCSIN_PAGERDUTY_ROUTING_KEY.",
            )
        event = {"routing_key": key.get_secret_value(), "event_action": notice.act.value}
        event["dedup_key"] = notice.key[:_LONGEST_KEY]
        call("PagerDuty", "POST", self.settings.events_url, json=event | _payload(notice))


def _payload(notice: Notice) -> dict[str, Any]:
    """What a trigger needs besides; the other events need nothing."""
    if notice.act is not Act.TRIGGER:
        return {}
    return {
        "client": "Tocsin",
        "payload": {
            "summary": f"{notice.ref} {notice.title}"[:_LONGEST_SUMMARY],
            "source": notice.model or "tocsin",
            "severity": _SEVERITIES[notice.severity],
            "timestamp": notice.at.isoformat(),
            "component": notice.model or "",
            "class": notice.severity.value,
            "custom_details": {"text": notice.text},
        },
    }


class PagerDutySchedule:
    """The final schedule of PagerDuty, with its overrides."""

    def __init__(self, settings: PagerDutySettings, schedule: str, people: People) -> None:
        self.settings = settings
        self.schedule = schedule
        self.people = people

    def turns(self, start: datetime, end: datetime) -> list[Turn]:
        """The turns between two moments. Raises `Unavailable` or `Invalid`."""
        answer = call(
            "PagerDuty",
            "GET",
            f"{self.settings.api_url.rstrip('/')}/schedules/{self.schedule}",
            headers={"Authorization": f"Token token={self.settings.token.get_secret_value()}"},
            params={"since": start.isoformat(), "until": end.isoformat(), "include[]": "users"},
        )
        try:
            found = answer["schedule"]
            users = {user["id"]: user for user in found.get("users", [])}
            entries = found["final_schedule"]["rendered_schedule_entries"]
            return [self._turn(entry, users) for entry in entries]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Invalid(f"PagerDuty's schedule {self.schedule} cannot be read: {error!r}.") from error

    def _turn(self, entry: dict[str, Any], users: Mapping[str, dict[str, Any]]) -> Turn:
        user = entry["user"] | users.get(entry["user"]["id"], {})
        email, name = str(user.get("email") or ""), str(user.get("name") or user.get("summary") or "")
        person = self.people.named(email) or self.people.named(name)
        starts_at, ends_at = (datetime.fromisoformat(entry[at]).astimezone(UTC) for at in ("start", "end"))
        return Turn(person.key if person else email or name, starts_at, ends_at)
