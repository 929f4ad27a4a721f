"""The outbox: what is to be said, in order, and nothing twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import col, select

from ops_core.store import outbox, plain
from ops_core.store.outbox import Delivery, OutboxRow, Room, Say, Verb
from tests.ops_core.stand_ins import MODEL, NOW
from tests.ops_core.world import ANN, BOB, House

Put = Callable[[Say], OutboxRow]


@pytest.fixture
def put(house: House) -> Put:
    """Queues one thing in a transaction of its own."""

    def act(say: Say) -> OutboxRow:
        with house.database.write() as session:
            outbox.put(session, [say], NOW)
            return session.exec(select(OutboxRow).order_by(col(OutboxRow.id).desc()).limit(1)).one()

    return act


EDIT = Say("alerts", Verb.EDIT, subject="alert:1")


def set_state(house: House, row: OutboxRow, state: Delivery) -> None:
    """As the sender does."""
    with house.database.write() as session:
        kept = session.get(OutboxRow, row.id)
        assert kept
        kept.state = state


def states(house: House) -> list[Delivery]:
    """Where each row stands."""
    return [row.state for row in house.rows(OutboxRow)]


def test_a_declaration_says_things_in_the_order_in_which_they_work(house: House) -> None:
    """The channel first, then the card, then what needs either."""
    one = house.declare()
    assert house.said(one.room) == [
        "open_room",
        "post incident:1:card",
        "pin incident:1:card",
        "invite",
        "topic",
    ]
    assert house.said("incidents") == ["post incident:1:announcement"]


def test_of_the_edits_that_wait_the_first_and_the_last_stay(house: House, put: Put) -> None:
    """The first has its place in the line, but may be on the wire with older words."""
    for _ in range(4):
        put(EDIT)
    assert states(house) == [Delivery.WAITING, Delivery.MERGED, Delivery.MERGED, Delivery.WAITING]


def test_edits_of_other_messages_are_left_alone(house: House, put: Put) -> None:
    """As are posts."""
    put(Say("alerts", subject="alert:1"))
    put(Say("alerts", Verb.EDIT, subject="alert:2"))
    put(EDIT)
    assert states(house) == [Delivery.WAITING] * 3


def test_an_edit_that_was_sent_is_not_taken_back(house: House, put: Put) -> None:
    """The next one follows it."""
    set_state(house, put(EDIT), Delivery.SENT)
    put(EDIT)
    assert states(house) == [Delivery.SENT, Delivery.WAITING]


def test_the_context_comes_back_with_its_times(put: Put) -> None:
    """Though it waits as JSON."""
    context = {"at": NOW, "took": timedelta(minutes=3), "rows": [[1, None]]}
    assert plain.load(put(Say("alerts", template="x", context=context)).context) == context


def test_a_message_that_could_not_be_said_is_not_edited(house: House, put: Put) -> None:
    """Its edits would all be refused."""
    post = put(Say("alerts", subject="alert:1"))
    assert house.read(outbox.posted, "alert:1").id == post.id
    set_state(house, post, Delivery.DEAD)
    assert house.read(outbox.posted, "alert:1") is None


def test_a_room_is_known_once_it_is_made(house: House) -> None:
    """Before that there is no channel."""
    assert house.read(outbox.channel_of, "incident:1") is None
    with house.database.write() as session:
        session.add(Room(name="incident:1", channel="C0INC"))
    assert house.read(outbox.channel_of, "incident:1") == "C0INC"


def test_a_changed_severity_is_in_the_topic_too(house: House) -> None:
    """Or the channel would go on saying P2."""
    one = house.declare()
    house.incidents.set_severity(one.number, type(one.severity).P0, BOB)
    topics = [row.context["text"] for row in house.rows(OutboxRow) if row.verb is Verb.TOPIC]
    assert topics == ["INC-1 · P2 medium · F1 fell", "INC-1 · P0 critical · F1 fell"]


def test_the_checklist_is_posted_once(house: House) -> None:
    """Whoever takes command later finds it there."""
    one = house.declare(model=MODEL)
    for person in (ANN, BOB, ANN):
        house.incidents.take_command(one.number, person)
    assert house.said(one.room).count("post incident:1:checklist") == 1
