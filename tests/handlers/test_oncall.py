"""`/ops oncall`, `/ops page`, and the buttons about who is on call, over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from handlers import oncall_words
from ops_core.errors import Invalid
from ops_core.oncall.escalation import Page
from tests.ops_core.duty import utc
from tests.ops_core.stand_ins import BAD, MODEL
from tests.wire import Json, Scene, has_button, said, scene

ONCALL: dict[str, Any] = {
    "people": {
        "ana": {"slack": "ana@example.test"},
        "ben": {"slack": "ben@example.test"},
        "lead": {"name": "Lee", "slack": "chloe@example.test"},
    },
    "schedules": {"ml": {"timezone": "Europe/Berlin", "layers": [{"people": ["ana"]}]}},
}
FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Scene]:
    """A bot whose Ana is on call."""
    with scene(tmp_path, more={"oncall": ONCALL}) as stage:
        yield stage


def direct(stage: Scene) -> str:
    """Ana's conversation with the bot."""
    return stage.ana.open_direct(stage.tocsin.app.client.auth_test()["user_id"])


def paged(stage: Scene) -> Json:
    """The direct message that pages Ana about an alert."""
    stage.tocsin.tools.alerts.receive(MODEL, BAD)
    return stage.ana.wait_message(direct(stage), has_button("page.acknowledge"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oncall", "Ana Ruiz (Slack)"),
        ("oncall who ml", "Ana Ruiz (Slack)"),
        ("oncall list", "Ana Ruiz"),
        ("oncall who nose", "No schedule is called"),
        ("oncall dance", "is nothing that"),
        ("oncall cover", "Say from when to when"),
        ("oncall cover from fri to blah", "is no time"),
        ("oncall lift C-x", "names no cover"),
        ("page lead", "Say whom, and why"),
        ("page nobody because", "is nobody who can be paged"),
        ("page LEAD the vendor is down", "Paged Chloe"),
    ],
)
def test_what_is_asked_is_answered(stage: Scene, text: str, expected: str) -> None:
    """To the asker alone."""
    stage.ben.command("/ops", text, "ml-ops")
    assert stage.told(stage.ben, "ml-ops", expected)["to"] == stage.ben.id


def test_a_cover_by_mention_is_taken_and_lifted(stage: Scene) -> None:
    """For oneself, and back again."""
    stage.ben.command("/ops", "oncall cover <@" + stage.ben.id + "> for 4h", "ml-ops")
    stage.told(stage.ben, "ml-ops", "Ben Okafor is on call")
    stage.ana.command("/ops", "oncall", "ml-ops")
    assert "(cover C-1)" in said(stage.told(stage.ana, "ml-ops", "Ben Okafor (Slack)"))
    stage.ben.command("/ops", "oncall lift C-1", "ml-ops")
    stage.told(stage.ben, "ml-ops", "is taken back")


def test_a_page_by_hand_is_acknowledged_in_the_direct_message(stage: Scene) -> None:
    """The message then says who has it, and offers no button."""
    stage.ben.command("/ops", "page ana the vendor is down <!channel>", "ml-ops")
    stage.told(stage.ben, "ml-ops", "Paged Ana Ruiz (Slack)")
    card = stage.ana.wait_message(direct(stage), "You are paged")
    assert "Asked for by Ben Okafor" in said(card) and "<!channel>" not in str(card["blocks"])
    stage.ana.press(card, "page.acknowledge")
    done = stage.ana.wait_message(direct(stage), "Acknowledged by Ana Ruiz")
    assert not has_button("page.acknowledge")(done)


def test_one_tries_one_s_own_pager(stage: Scene) -> None:
    """By one's name; whoever is on call and pages whoever is on call knows already."""
    stage.ana.command("/ops", "page ana does my pager work?", "ml-ops")
    stage.told(stage.ana, "ml-ops", "Paged Ana Ruiz (Slack)")
    assert "You are paged" in said(stage.ana.wait_message(direct(stage), "does my pager work?"))
    stage.ana.command("/ops", "page on_call am I alone?", "ml-ops")
    stage.told(stage.ana, "ml-ops", "or only you are")


def test_acknowledging_the_page_acknowledges_the_alert(stage: Scene) -> None:
    """One press, and the card shows it."""
    stage.ana.press(paged(stage), "page.acknowledge")
    card = stage.ben.wait_message("ml-alerts", "Acknowledged by Ana Ruiz")
    assert not has_button("alert.acknowledge")(card)


def test_a_page_says_what_fires_and_where_its_card_is(stage: Scene) -> None:
    """With the numbers of the finding, and a link as soon as the card stands, whichever came first."""
    shown = paged(stage)
    assert "performance.f1 is 0.65" in said(shown) and "Limit" in said(shown)
    card = stage.ana.wait_message("ml-alerts", has_button("alert.evidence"))
    link = f"/archives/{card['channel']}/p{card['ts'].replace('.', '')}"
    stage.ana.wait_message(direct(stage), lambda each: link in str(each["blocks"]))


def test_a_viewer_pages_nobody(stage: Scene) -> None:
    """It takes a responder."""
    stage.vic.command("/ops", "page ana look at me", "ml-ops")
    stage.told(stage.vic, "ml-ops", "Only a responder may page somebody")
    with stage.tocsin.database.read() as session:
        assert session.exec(select(Page)).all() == []


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("from now to 18:00", FRIDAY, FRIDAY.replace(hour=17)),
        ("to 09:00", FRIDAY, utc(21, 8)),
        ("from fri 17:00 to mon 09:00", FRIDAY.replace(hour=16), utc(23, 8)),
        ("from fri 09:00 until sat", utc(27, 8), utc(28, 8)),
        ("from tomorrow 08:00 for 2d", utc(21, 7), utc(23, 7)),
        ("from 2026-12-24 00:00 to 2026-12-25 00:00",
         datetime(2026, 12, 23, 23, tzinfo=UTC), datetime(2026, 12, 24, 23, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_times_are_read_as_people_say_them(text: str, starts: datetime, ends: datetime) -> None:
    """In the time zone of the schedule; it is one in the afternoon in Berlin."""
    assert oncall_words.cover(text).span(FRIDAY, BERLIN) == (starts, ends)


@pytest.mark.parametrize("text", ["", "a b from now to 18:00", "from 25:00 to 26:00", "from now for ages"])
def test_times_that_cannot_be_read_are_told(text: str) -> None:
    """With what may be written."""
    with pytest.raises(Invalid) as caught:
        oncall_words.cover(text).span(FRIDAY, BERLIN)
    assert caught.value.hint


def test_whom_and_for_which_schedule() -> None:
    """In either order."""
    asked = oncall_words.cover("<@U0BEN|ben> ml for 4h")
    assert (asked.person, asked.schedule, asked.length) == ("U0BEN", "ml", timedelta(hours=4))
