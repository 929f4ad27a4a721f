"""Dropped sockets, repeated deliveries, restarts and a rush: nothing is lost, nothing is said twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.workspace.person import PersonClient
from ops_core.store.outbox import Delivery, OutboxRow, Verb
from tests.wire import Json, Scene, at_once, ref, said, until


def notes(stage: Scene, card: Json) -> list[str]:
    """The updates in an incident's channel, in order."""
    messages = stage.ana.messages(card["channel"])
    return [said(each).split("note-")[1][:3] for each in messages if "note-" in said(each)]


def put(stage: Scene, card: Json, *words: str) -> None:
    """Queue updates while the bot is not running."""
    tocsin = stage.build()
    for word in words:
        tocsin.tools.incidents.update(int(ref(card)[4:]), f"note-{word}", by=stage.ana.id)
    tocsin.database.close()


def test_what_was_queued_while_away_is_said_once_and_in_order(stage: Scene) -> None:
    """The bot stops with messages in its outbox; the next one sends them."""
    card = stage.declare()
    stage.stop()
    put(stage, card, "one", "two", "six")
    stage.start()
    stage.ana.wait_message(card["channel"], "note-six")
    assert notes(stage, card) == ["one", "two", "six"]


@pytest.mark.parametrize("arrived", [True, False])
def test_a_message_in_flight_when_the_bot_died_is_said_once(stage: Scene, arrived: bool) -> None:
    """Its row still waits: the next bot looks whether it arrived before it says it again."""
    card = stage.declare()
    stage.stop()
    put(stage, card, "one", "two")
    if arrived:
        stage.start()
        stage.ana.wait_message(card["channel"], "note-two")
        stage.stop()
    tocsin = stage.build()
    with tocsin.database.write() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.verb == Verb.POST)).all()
        row = next(each for each in rows if "note-one" in str(each.context))
        row.state, row.channel, row.ts = Delivery.WAITING, None, None
        session.add(row)
    tocsin.database.close()
    stage.start()
    put(stage, card, "six")
    stage.ana.wait_message(card["channel"], "note-six")
    assert notes(stage, card) == ["one", "two", "six"]


def test_a_stop_in_the_middle_of_a_declaration_loses_nothing(stage: Scene) -> None:
    """Half the calls were made; the next bot makes the others."""
    stage.fault("500", "pins.add", times=1)
    title = stage.title()
    assert stage.ben.submit(stage.form(stage.ben, title), {"title": title})["ok"]
    card = stage.card(stage.ana, title)
    stage.stop()
    stage.start()
    stage.ana.wait_channel(lambda each: each["topic"].endswith(title), 20)
    page = stage.ana.channel(card["channel"])
    assert page["pins"] == [card["ts"]] and stage.ana.id in page["members"]
    assert sum(title in each["text"] for each in stage.ana.messages("ml-incidents")) == 1


def test_a_dropped_socket_comes_back_by_itself(stage: Scene) -> None:
    """What is said meanwhile is said, and what people do afterwards arrives."""
    card = stage.declare()
    stage.control("sockets/drop")
    stage.tocsin.tools.incidents.update(int(ref(card)[4:]), "note-one", by=stage.ana.id)
    stage.ana.wait_message(card["channel"], "note-one")
    until(lambda: stage.seen("sockets"), 15)
    assert stage.ben.command("/incident", "update note-two", card["channel"])["ok"]
    stage.ana.wait_message(card["channel"], "note-two")
    assert notes(stage, card) == ["one", "two"]


def test_slack_s_request_to_reconnect_is_followed(stage: Scene) -> None:
    """Slack refreshes every connection now and then."""
    stage.control("sockets/drop", reason="refresh_requested")
    until(lambda: stage.seen("sockets"), 15)
    assert stage.declare()


def test_an_event_that_comes_twice_does_no_harm(stage: Scene) -> None:
    """Slack repeats what it believes was not heard."""
    stage.control("duplicate", times=2)
    stage.ben.open_home()
    until(lambda: len(stage.calls("views.publish")) == 2)
    assert all(call["ok"] for call in stage.calls("views.publish"))


def test_a_form_that_is_sent_twice_declares_once(stage: Scene) -> None:
    """Two clicks at the same moment on the same button of one form."""
    title = stage.title()
    view = stage.form(stage.ana, title)
    at_once(*[lambda: stage.ana.submit(view, {"title": title})] * 2)
    stage.ana.wait_message("ml-incidents", title)
    stage.ana.command("/incident", "list", "ml-ops")
    assert said(stage.told(stage.ana, "ml-ops", title)).count(title) == 1


def test_a_button_that_is_pressed_twice_works_once(stage: Scene) -> None:
    """The same person, impatiently."""
    card = stage.declare()
    at_once(*[lambda: stage.ben.press(card, "incident.take_command")] * 2)
    stage.ana.wait_reply(card, "Took command")
    stage.told(stage.ben, card["channel"], "already")
    assert len(stage.ana.thread(card)) == 2


def test_fifty_commands_at_once_are_all_acknowledged_and_answered(stage: Scene) -> None:
    """The registry does not answer until all of them are acknowledged; none is lost."""
    stage.registry.gate.clear()
    people = [PersonClient(stage.place.url, "ben") for _ in range(50)]
    acks = at_once(*(lambda who=who: who.command("/model", "status", "general") for who in people))
    assert [each for each in acks if not each["ok"]] == []
    assert not [each for each in stage.ben.messages("general") if each.get("ephemeral")]
    stage.registry.gate.set()
    answers = "tumour"
    until(lambda: len([each for each in stage.ben.messages("general") if answers in said(each)]) == 50, 20)
    for who in people:
        who.__exit__()


def test_a_handler_that_slack_refuses_says_so(stage: Scene) -> None:
    """The form cannot be opened; the person hears why."""
    stage.fault("ok_false", "views.open", error="expired_trigger_id")
    stage.ana.command("/incident", "declare", "ml-ops")
    assert stage.told(stage.ana, "ml-ops", "expired_trigger_id")


def test_a_slow_form_does_not_hold_up_the_others(stage: Scene) -> None:
    """views.open hangs for one person; another declares meanwhile."""
    stage.fault("hang", "views.open", seconds=0.5)
    assert stage.ben.command("/incident", "declare", "ml-ops")["ok"]
    until(lambda: not stage.seen("faults"))
    assert stage.declare(stage.ana)


def test_a_row_that_cannot_be_carried_does_not_stop_its_room(stage: Scene) -> None:
    """A fault of our own in one message: it is given up, and the others are said."""
    card = stage.declare()
    stage.stop()
    tocsin = stage.build()
    with tocsin.database.write() as session:
        now = tocsin.store.clock.now() - timedelta(seconds=1)
        room = f"incident:{ref(card)[4:]}"
        session.add(OutboxRow(room=room, verb=Verb.POST, subject="banana:1", next_try_at=now, created_at=now))
    tocsin.database.close()
    stage.start()
    stage.tocsin.tools.incidents.update(int(ref(card)[4:]), "note-one", by=stage.ana.id)
    stage.ana.wait_message(card["channel"], "note-one")
    direct = stage.ana.open_direct("U0LOCALBOT")
    assert stage.ana.wait_message(direct, "could not post")
