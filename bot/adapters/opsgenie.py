"""Opsgenie: alerts by its Alert API, schedules by its Schedule API; only what paging needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from bot.adapters.calling import call
from bot.settings.reach import OpsgenieSettings
from ops_core.errors import Invalid
from ops_core.oncall.person import People
from ops_core.oncall.reach import Act, Notice
from ops_core.oncall.turn import Turn, joined
from ops_core.severity import Severity

_PRIORITIES = {Severity.P0: "P1", Severity.P1: "P2", Severity.P2: "P3", Severity.P3: "P4"}
_LONGEST_TITLE = 130


class Opsgenie:
    """Creates, acknowledges and closes under one alias, which Opsgenie itself keeps to one alert."""

    def __init__(self, settings: OpsgenieSettings, users: Mapping[str, str]) -> None:
        self.settings = settings
        self.users = users

    def send(self, notice: Notice) -> None:
        """Send one request. Raises `Unavailable` when trying again may help, else `Invalid`."""
        alias = quote(notice.key, safe="")
        if notice.act is Act.TRIGGER:
            self._post("/v2/alerts", {}, self._alert(notice))
        else:
            verb = "acknowledge" if notice.act is Act.ACKNOWLEDGE else "close"
            self._post(f"/v2/alerts/{alias}/{verb}", {"identifierType": "alias"}, {"source": "Tocsin"})

    def _alert(self, notice: Notice) -> dict[str, Any]:
        return {
            "message": f"{notice.ref} {notice.title}"[:_LONGEST_TITLE],
            "alias": notice.key,
            "description": notice.text,
            "priority": _PRIORITIES[notice.severity],
            "source": "Tocsin",
            "responders": [{"type": "user", "username": self.users.get(notice.person.key, "")}],
        }

    def _post(self, path: str, params: Mapping[str, str], body: Mapping[str, Any]) -> None:
        call(
            "Opsgenie",
            "POST",
            _url(self.settings, path),
            headers=_key(self.settings),
            params=params,
            json=body,
        )


class OpsgenieSchedule:
    """A schedule of Opsgenie, with its overrides."""

    def __init__(self, settings: OpsgenieSettings, schedule: str, people: People) -> None:
        self.settings = settings
        self.schedule = schedule
        self.people = people

    def turns(self, start: datetime, end: datetime) -> list[Turn]:
        """The turns between two moments. Raises `Unavailable` or `Invalid`."""
        days = (end - start).days + 1
        answer = call(
            "Opsgenie",
            "GET",
            _url(self.settings, f"/v2/schedules/{quote(self.schedule, safe='')}/timeline"),
            headers=_key(self.settings),
            params={
                "identifierType": "name",
                "interval": days,
                "intervalUnit": "days",
                "date": start.isoformat(),
            },
        )
        try:
            rotations = answer["data"]["finalTimeline"]["rotations"]
            periods = [period for rotation in rotations for period in rotation.get("periods", [])]
            turns = [self._turn(period) for period in periods if "recipient" in period]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Invalid(f"Opsgenie's schedule {self.schedule} cannot be read: {error!r}.") from error
        return joined(sorted(turns, key=lambda turn: turn.starts_at))

    def _turn(self, period: Mapping[str, Any]) -> Turn:
        name = str(period["recipient"]["name"])
        person = self.people.named(name)
        starts_at, ends_at = (
            datetime.fromisoformat(period[at]).astimezone(UTC) for at in ("startDate", "endDate")
        )
        return Turn(person.key if person else name, starts_at, ends_at)


def _url(settings: OpsgenieSettings, path: str) -> str:
    return f"{settings.api_url.rstrip('/')}{path}"


def _key(settings: OpsgenieSettings) -> dict[str, str]:
    return {"Authorization": f"GenieKey {settings.api_key.get_secret_value()}"}
