"""Schedules that others keep: a calendar, PagerDuty, Opsgenie."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from bot.adapters.ical import Calendar
from bot.adapters.opsgenie import OpsgenieSchedule
from bot.adapters.pagerduty import PagerDutySchedule
from bot.settings.reach import OpsgenieSettings, PagerDutySettings
from ops_core.errors import Invalid, Unavailable
from ops_core.oncall.person import People, Person
from ops_core.oncall.turn import Turn
from tests.adapters.receivers import Receiver, receiving

PEOPLE = People(
    {
        "ana": Person("ana", "Ana Ruiz", email="ana@example.test"),
        "ben": Person("ben", "Ben Okafor", email="ben@example.test"),
    }
)
BERLIN = ZoneInfo("Europe/Berlin")
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//test//EN
BEGIN:VEVENT
UID:1
DTSTART;TZID=Europe/Berlin:20261019T090000
DTEND;TZID=Europe/Berlin:20261026T090000
RRULE:FREQ=WEEKLY;INTERVAL=2
SUMMARY:On call: Ana Ruiz
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20261028
DTEND;VALUE=DATE:20261029
SUMMARY:swap
ATTENDEE;CN=Ben:mailto:BEN@example.test
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART:20261029T120000Z
DTEND:20261029T130000Z
SUMMARY:Zoe
END:VEVENT
END:VCALENDAR
"""


def at(day: int, hour: int, month: int = 10) -> datetime:
    """A moment of the autumn of 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A server of documents."""
    with receiving() as found:
        yield found


def calendar(folder: Path, text: str = CALENDAR) -> Calendar:
    """A calendar in a file."""
    (folder / "team.ics").write_text(text.replace("\n", "\r\n"))
    return Calendar("team.ics", folder, BERLIN, PEOPLE)


def test_a_calendar_names_who_is_on_call(tmp_path: Path) -> None:
    """By summary or attendee, repeated, across the change of clocks; whole days are local ones."""
    turns = calendar(tmp_path).turns(at(20, 0), at(10, 0, 11))
    assert turns == [
        Turn("ana", at(19, 7), at(26, 8)),
        Turn("ben", at(27, 23), at(28, 23)),
        Turn("Zoe", at(29, 12), at(29, 13)),
        Turn("ana", at(2, 8, 11), at(9, 8, 11)),
    ]


def test_an_event_within_another_interrupts_it(tmp_path: Path) -> None:
    """Ben takes an evening of Ana's week; what is cancelled does not count."""
    evening = "\n".join(
        f"BEGIN:VEVENT\nUID:{uid}\nDTSTART:202610{day}T160000Z\nDTEND:202610{day}T180000Z\nSUMMARY:ben\n"
        f"STATUS:{status}\nEND:VEVENT"
        for uid, day, status in ((4, 21, "CONFIRMED"), (5, 22, "CANCELLED"))
    )
    text = CALENDAR.replace("END:VCALENDAR", f"{evening}\nEND:VCALENDAR")
    assert calendar(tmp_path, text).turns(at(20, 0), at(25, 0)) == [
        Turn("ana", at(19, 7), at(21, 16)),
        Turn("ben", at(21, 16), at(21, 18)),
        Turn("ana", at(21, 18), at(26, 8)),
    ]


@pytest.mark.parametrize("text", ["", "no calendar", CALENDAR.replace("20261019T090000", "yesterday")])
def test_a_calendar_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    """With its name."""
    with pytest.raises(Invalid, match=r"The calendar team\.ics cannot be read"):
        calendar(tmp_path, text).turns(at(20, 0), at(30, 0))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """And where it is looked for."""
    with pytest.raises(Invalid, match="No such file"):
        Calendar("gone.ics", tmp_path, BERLIN, PEOPLE).turns(at(20, 0), at(30, 0))


def test_a_calendar_may_have_an_address(receiver: Receiver, tmp_path: Path) -> None:
    """Which may hold a secret, and so is told by its host only."""
    receiver.documents["/secret/team.ics"] = CALENDAR
    remote = Calendar(f"{receiver.url}/secret/team.ics", tmp_path, BERLIN, PEOPLE)
    assert remote.turns(at(20, 0), at(21, 0)) == [Turn("ana", at(19, 7), at(26, 8))]
    receiver.fail = [(503, {"message": "away"})]
    with pytest.raises(Unavailable) as caught:
        remote.turns(at(20, 0), at(21, 0))
    assert "secret" not in caught.value.message


def test_pagerduty_tells_its_final_schedule(receiver: Receiver) -> None:
    """People are found by e-mail; others keep the name that they have there."""
    entries = [_entry("U1", "Ana", 20, 21), _entry("U2", "Zoe", 21, 22)]
    users = [{"id": "U1", "name": "A. Ruiz", "email": "ana@example.test"}]
    receiver.documents["/schedules/P1"] = {
        "schedule": {"users": users, "final_schedule": {"rendered_schedule_entries": entries}}
    }
    settings = PagerDutySettings(token=SecretStr("hunter2"), api_url=receiver.url)
    turns = PagerDutySchedule(settings, "P1", PEOPLE).turns(at(20, 0), at(22, 0))
    assert turns == [Turn("ana", at(20, 7), at(21, 7)), Turn("Zoe", at(21, 7), at(22, 7))]
    assert receiver.requests[0][1]["Authorization"] == "Token token=hunter2"


def _entry(user: str, name: str, start: int, end: int) -> dict[str, Any]:
    person = {"id": user, "summary": name, "type": "user_reference"}
    return {
        "start": f"2026-10-{start}T09:00:00+02:00",
        "end": f"2026-10-{end}T09:00:00+02:00",
        "user": person,
    }


def test_opsgenie_tells_its_final_timeline(receiver: Receiver) -> None:
    """Periods without anybody are no turns."""
    periods = [
        {
            "startDate": "2026-10-20T09:00:00+02:00",
            "endDate": "2026-10-21T09:00:00+02:00",
            "recipient": _ben(),
        },
        {"startDate": "2026-10-21T09:00:00+02:00", "endDate": "2026-10-22T09:00:00+02:00"},
    ]
    receiver.documents["/v2/schedules/ml%20team/timeline"] = {
        "data": {"finalTimeline": {"rotations": [{"periods": periods}]}}
    }
    settings = OpsgenieSettings(api_key=SecretStr("hunter2"), api_url=receiver.url)
    turns = OpsgenieSchedule(settings, "ml team", PEOPLE).turns(at(20, 0), at(22, 0))
    assert turns == [Turn("ben", at(20, 7), at(21, 7))]


def _ben() -> dict[str, str]:
    return {"type": "user", "name": "ben@example.test"}


def test_an_unknown_schedule_is_told(receiver: Receiver) -> None:
    """With what the other side said, and without the key."""
    settings = PagerDutySettings(token=SecretStr("hunter2"), api_url=receiver.url)
    with pytest.raises(Invalid, match="PagerDuty answered 404: Not Found") as caught:
        PagerDutySchedule(settings, "P9", PEOPLE).turns(at(20, 0), at(22, 0))
    assert "hunter2" not in f"{caught.value.message}{caught.value.hint}"


@pytest.mark.parametrize("answer", [{}, {"schedule": []}, {"schedule": {"final_schedule": {}}}])
def test_an_answer_of_another_shape_is_told(receiver: Receiver, answer: dict[str, Any]) -> None:
    """Instead of nobody being on call."""
    receiver.documents["/schedules/P1"] = answer
    with pytest.raises(Invalid, match="cannot be read"):
        PagerDutySchedule(PagerDutySettings(api_url=receiver.url), "P1", PEOPLE).turns(at(20, 0), at(22, 0))
