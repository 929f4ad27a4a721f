"""Whose turn it is: pages overtake, and what belongs together stays in order."""

from collections.abc import Mapping
from datetime import timedelta

from ops_core.store import outbox, queue
from ops_core.store.outbox import Delivery, OutboxRow, Priority, Room, Say, Verb
from ops_core.store.queue import Turn, Waiting
from tests.ops_core.stand_ins import NOW
from tests.ops_core.world import House

PAGE, NORMAL, DIGEST = Priority.PAGE, Priority.NORMAL, Priority.DIGEST


def row(
    number: int, priority: int = NORMAL, subject: str | None = None, verb: Verb = Verb.POST, thread: str = ""
) -> Waiting:
    """A row that waits."""
    return Waiting(number, priority, verb, subject, thread or None, NOW)


def whose(
    *rows: Waiting, aside: tuple[int, ...] = (), held: Mapping[Verb, bool] | None = None
) -> Turn | None:
    """Whose turn it is among them, in the order of the line."""
    return queue.turn(sorted(rows, key=lambda one: (one.priority, one.id)), aside, held or {})


def test_nobody_waits() -> None:
    """And so it is nobody's turn."""
    assert whose() is None


def test_the_oldest_of_equals_goes_first() -> None:
    """As in any queue."""
    assert whose(row(2), row(1), row(3)) == Turn(1, NOW, urgent=False)


def test_a_page_overtakes_a_digest() -> None:
    """It was written last and goes first, as urgent."""
    assert whose(row(1, DIGEST), row(2), row(3, PAGE)) == Turn(3, NOW, urgent=True)


def test_a_page_does_not_overtake_its_own_message() -> None:
    """An urgent edit waits for the post, which becomes urgent itself, and says what the edit would."""
    edit = row(9, PAGE, "alert:1", Verb.EDIT)
    assert whose(row(1), row(5, NORMAL, "alert:1"), edit) == Turn(5, NOW, urgent=True, covers=(9,))


def test_a_reply_follows_its_parent() -> None:
    """Through as many steps as there are."""
    parent, reply = row(4, DIGEST, "alert:1"), row(6, NORMAL, "alert:2", thread="alert:1")
    edit = row(7, PAGE, "alert:2", Verb.EDIT)
    turn = whose(row(2), parent, reply, edit)
    assert turn and turn.row == 4 and turn.urgent


def test_nothing_overtakes_the_room_itself() -> None:
    """There is nowhere to say it before."""
    turn = whose(row(1, NORMAL, verb=Verb.OPEN_ROOM), row(2, PAGE))
    assert turn and turn.row == 1


def test_what_waits_for_another_room_holds_up_its_own_message_only() -> None:
    """The others go on."""
    waits, its_pin, other = row(1, NORMAL, "incident:1"), row(2, NORMAL, "incident:1", Verb.PIN), row(3)
    turn = whose(waits, its_pin, other, aside=(1,))
    assert turn and turn.row == 3
    assert whose(waits, its_pin, aside=(1,)) is None


def test_a_card_is_edited_while_posts_are_held() -> None:
    """But not one whose own post waits; a page passes a limit that we only foresee."""
    edit, own = row(3, NORMAL, "alert:1", Verb.EDIT), row(2, NORMAL, "alert:2", Verb.EDIT)
    posts = row(1, NORMAL, "alert:2"), row(4, PAGE)
    foreseen, said = ({Verb.POST: word} for word in (False, True))
    for held, first in ((foreseen, 4), (said, 3)):
        turn = whose(*posts, own, edit, held=held)
        assert turn and turn.row == first
    assert whose(*posts, own, held=said) is None


def test_a_plain_message_covers_nothing() -> None:
    """Only a card says the newest state."""
    assert whose(row(1), row(2, NORMAL, "alert:1", Verb.EDIT)) == Turn(1, NOW, urgent=False)


def test_a_line_has_what_waits_in_one_room(house: House) -> None:
    """Not what was sent, nor what waits for a room that does not exist."""
    with house.database.write() as session:
        outbox.put(session, [Say("a"), Say("a", priority=PAGE), Say("b"), Say("a", after_room="c")], NOW)
        session.get_one(OutboxRow, 1).state = Delivery.SENT
    assert [one.id for one in house.read(queue.line, "a")] == [2]
    with house.database.write() as session:
        session.add(Room(name="c", channel="C1"))
    assert [one.id for one in house.read(queue.line, "a")] == [2, 4]


def test_the_rooms_in_which_something_waits_have_their_earliest_time(house: House) -> None:
    """So that the sender knows how long it may sleep."""
    with house.database.write() as session:
        outbox.put(session, [Say("a"), Say("b")], NOW)
        outbox.put(session, [Say("a")], NOW + timedelta(seconds=9))
    assert dict(house.read(queue.rooms)) == {"a": NOW, "b": NOW}


def test_a_merged_edit_hands_its_urgency_on(house: House) -> None:
    """What people waited for is in the later one."""
    with house.database.write() as session:
        outbox.put(session, [Say("a", Verb.EDIT, subject="alert:1", priority=PAGE)], NOW)
        outbox.put(session, [Say("a", Verb.EDIT, subject="alert:1", priority=PAGE)], NOW)
        assert outbox.put(session, [Say("a", Verb.EDIT, subject="alert:1")], NOW) == {"a": PAGE}


def test_of_the_topics_that_wait_the_last_is_set(house: House) -> None:
    """Slack tells the channel of each."""
    with house.database.write() as session:
        for text in ("one", "two"):
            outbox.put(session, [Say("a", Verb.TOPIC, context={"text": text})], NOW)
    assert [one.state for one in house.rows(OutboxRow)] == [Delivery.MERGED, Delivery.WAITING]
