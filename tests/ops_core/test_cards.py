"""Messages that are edited in place show the rows as they stand."""

from typing import Any

import pytest

from bot.rendering import Message, Rendering
from ops_core.cards import Words
from ops_core.errors import Invalid, NotFound
from ops_core.store.outbox import Room
from tests.ops_core.stand_ins import HOUR, NOW, SECOND
from tests.ops_core.world import ANN, BOB, House


def words(house: House, subject: str) -> Words:
    """The words of a card now."""
    with house.store.read() as session:
        return house.cards.words(session, subject, house.clock.now())


def shown(house: House, subject: str) -> Message:
    """The card as Slack gets it."""
    found = words(house, subject)
    return RENDERING.message(found.template, **found.context)


def buttons(message: Message) -> list[str]:
    """The ids of its buttons."""
    found: list[str] = []

    def search(part: Any) -> None:
        for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            search(inner)
        if isinstance(part, dict) and part.get("type") == "button":
            found.append(part["action_id"].partition("#")[0])

    search(message.blocks)
    return found


RENDERING = Rendering()
SUBJECTS = ["alert:1", "rollback:1", "incident:1:card", "incident:1:checklist", "incident:1:announcement"]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_card_renders_after_a_whole_walk(walked: House, subject: str) -> None:
    """With its fallback text."""
    with walked.database.write() as session:
        session.merge(Room(name="incident:1", channel="C0INC"))
    assert shown(walked, subject).text


@pytest.mark.parametrize("subject", ["incident:1:card", "incident:1:checklist"])
def test_every_card_renders_at_the_first_moment(house: House, subject: str) -> None:
    """With nothing known yet: no model, no commander, no channel."""
    house.declare(model=None)
    assert shown(house, subject).text


def test_an_announcement_waits_for_the_channel_that_it_names(house: House) -> None:
    """It is ready when the channel is."""
    house.declare()
    assert not words(house, "incident:1:announcement").ready
    with house.database.write() as session:
        session.add(Room(name="incident:1", channel="C0INC"))
    assert words(house, "incident:1:announcement").ready


def test_an_alert_card_goes_from_firing_to_resolved(house: House, walked: House) -> None:
    """The same card, whose buttons go."""
    house.fire()
    assert "alert.acknowledge" in buttons(shown(house, "alert:1"))
    assert buttons(shown(walked, "alert:1")) == []


def test_a_silenced_alert_says_so_until_the_silence_ends(house: House) -> None:
    """The state is read when it is shown."""
    house.fire()
    house.alerts.silence(1, NOW + HOUR, BOB)
    assert words(house, "alert:1").context["alert"]["state"] == "silenced"
    house.clock.advance(HOUR)
    assert words(house, "alert:1").context["alert"]["state"] == "firing"


def test_a_rollback_card_is_a_preview_until_it_is_decided(house: House) -> None:
    """Its buttons go with the decision."""
    rollback = house.propose(house.declare())
    assert "rollback.reject" in buttons(shown(house, rollback.card))
    house.rollbacks.approve(rollback.number, ANN)
    assert words(house, rollback.card).template == "rollback_progress"
    house.pass_time()
    house.pass_time(SECOND)
    assert "verified" in shown(house, rollback.card).text


def test_a_closed_incident_has_no_buttons(walked: House) -> None:
    """Nothing is left to do."""
    assert buttons(shown(walked, "incident:1:card")) == []


def test_the_phases_are_done_now_and_ahead(house: House) -> None:
    """One of them is now, until the end."""
    house.declare()
    phases = words(house, "incident:1:card").context["incident"]["phases"]
    assert [one["state"] for one in phases] == ["done", "now", "ahead", "ahead", "ahead"]


def test_what_is_no_card_is_refused(house: House) -> None:
    """As is a card of nothing."""
    with pytest.raises(Invalid, match="is not a card"):
        words(house, "weather:1")
    with pytest.raises(NotFound):
        words(house, "incident:9:card")
