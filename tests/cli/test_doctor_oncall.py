"""`tocsin doctor` about who is on call, where all is well and where nothing is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import manifest
from bot.doctor.answer import Answer, State
from bot.doctor.oncall import mail, policies, schedule, ways
from bot.doctor.patient import Patient
from bot.doctor.people import people
from bot.doctor.points import points
from bot.settings import Settings
from bot.workspace.core import Workspace
from bot.workspace.running import Running, running
from tests.adapters.mailbox import mail_server

CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:x\r
BEGIN:VEVENT\r
UID:1\r
DTSTART:20200101T000000Z\r
DTEND:20990101T000000Z\r
SUMMARY:{name}\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Running]:
    """A workspace in which Ana has an account."""
    with running(Workspace(manifest.values())) as place:
        yield place


def patient(place: Running, folder: Path, **oncall: Any) -> Patient:
    """Settings with somebody on call."""
    people = {"ana": {"slack": "ana@example.test"}} | oncall.pop("people", {})
    slack = {"bot_token": "xoxb-local", "base_url": place.api_url}
    return Patient(Settings.model_validate({"slack": slack, "oncall": {"people": people} | oncall}), folder)


def test_a_rotation_says_who_is_on_call(place: Running, tmp_path: Path) -> None:
    """At this moment."""
    rotation = {"ml": {"layers": [{"people": ["ana"]}]}}
    assert schedule(patient(place, tmp_path, schedules=rotation), name="ml") == Answer(
        State.OK, "ana is on call"
    )


@pytest.mark.parametrize(
    ("name", "found"), [("ana", "1 turns in 14 days"), ("Zoe", "names Zoe, who are not known")]
)
def test_a_calendar_is_read(place: Running, tmp_path: Path, name: str, found: str) -> None:
    """And its people looked up."""
    (tmp_path / "team.ics").write_text(CALENDAR.format(name=name))
    assert (
        found in schedule(patient(place, tmp_path, schedules={"ml": {"ical": "team.ics"}}), name="ml").found
    )


def test_a_calendar_that_is_gone_fails(place: Running, tmp_path: Path) -> None:
    """With what to do."""
    answer = schedule(patient(place, tmp_path, schedules={"ml": {"ical": "gone.ics"}}), name="ml")
    assert answer.state is State.FAILED and "No such file" in answer.found and answer.fix


def test_policies_without_people_are_told(place: Running, tmp_path: Path) -> None:
    """Each step of the runbook that pages nobody; none is missing when all have names."""
    answer = policies(patient(place, tmp_path))
    assert (
        answer.state is State.WARNING
        and "nobody is “vp”, whom the policy default pages after 120 min" in answer.found
    )
    ladder = {key: {"slack": "ana@example.test"} for key in ("lead", "manager", "vp", "compliance")}
    rotation = {"ml": {"layers": [{"people": ["ana"]}]}}
    full = patient(place, tmp_path, people=ladder, schedules=rotation)
    assert policies(full) == Answer(State.OK, "default, compliance")


def test_schedules_are_somebody_on_call(place: Running, tmp_path: Path) -> None:
    """Without `people.on_call`."""
    assert people(patient(place, tmp_path)).state is State.WARNING
    rotation = {"ml": {"layers": [{"people": ["ana"]}]}}
    assert people(patient(place, tmp_path, schedules=rotation)) == Answer(
        State.OK, "0 known, 0 on call always, 1 schedule"
    )


def test_rooms_of_routes_are_looked_at(place: Running, tmp_path: Path) -> None:
    """Beside the channels of the settings."""
    settings = Settings.model_validate({"alerts": {"routes": [{"room": "#ml-risk"}]}})
    assert "channel #ml-risk" in [point.name for point in points(settings)]


def test_the_mail_server_is_asked(place: Running, tmp_path: Path) -> None:
    """Nothing is sent; a server without STARTTLS is told."""
    with mail_server() as box:
        plain = {"server": "127.0.0.1", "port": box.port, "tls": "none"}
        assert mail(patient(place, tmp_path, mail=plain)).state is State.OK
        answer = mail(patient(place, tmp_path, mail=plain | {"tls": "starttls"}))
        assert answer.state is State.FAILED and "STARTTLS" in answer.found and box.mails == []


def test_people_without_a_way_are_told(place: Running, tmp_path: Path) -> None:
    """An account that Slack does not know reaches nobody."""
    assert "1 people, by Slack" in ways(patient(place, tmp_path)).found
    answer = ways(patient(place, tmp_path, people={"zoe": {"slack": "zoe@example.test"}}))
    assert answer.state is State.FAILED and "zoe" in answer.found
