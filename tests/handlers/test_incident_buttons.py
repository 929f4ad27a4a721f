"""The buttons of an incident's card and of its checklist, pressed by people."""

from __future__ import annotations

import pytest

from tests.wire import Json, Scene, at_once, has_button, ref, said


def commanded(shared: Scene) -> tuple[Json, Json]:
    """The card and the checklist of an incident that Ben took."""
    card = shared.declare()
    assert shared.ben.press(card, "incident.take_command")["ok"]
    checklist = shared.ana.wait_message(card["channel"], "playbook")
    return shared.ana.wait_message(card["channel"], lambda each: each["ts"] == card["ts"]), checklist


def test_take_command_moves_the_phase(shared: Scene) -> None:
    """The card names the commander, and the button is gone."""
    card, _ = commanded(shared)
    card = shared.ana.wait_message(card["channel"], lambda each: "diagnose" in each["text"])
    assert "Ben Okafor" in said(card) and not has_button("incident.take_command")(card)


def test_two_who_take_command_at_once_leave_one_commander(shared: Scene) -> None:
    """The slower one is told who was faster, and may still take over by command."""
    card = shared.declare()
    old = shared.copy(card)
    at_once(
        lambda: shared.ana.press(old, "incident.take_command"),
        lambda: shared.ben.press(old, "incident.take_command"),
    )
    slower = shared.showing(card, "diagnose")
    ana_won = "Ana Ruiz" in said(slower).partition("Commander")[2][:20]
    winner, loser = ("Ana Ruiz", shared.ben) if ana_won else ("Ben Okafor", shared.ana)
    assert winner in said(shared.told(loser, card["channel"], "took command"))
    shared.ana.wait_reply(card, "Took command")
    assert len(shared.ana.thread(card)) == 2


def test_update_asks_and_posts(shared: Scene) -> None:
    """The form's words stand in the channel."""
    card = shared.declare()
    shared.ben.press(card, "incident.update")
    view = shared.ben.wait_view(f"Update {ref(card)}")
    assert shared.ben.submit(view, {"status": "half of it is back"})["ok"]
    assert shared.ana.wait_message(card["channel"], "half of it is back")


def test_resolve_asks_and_ends_it(shared: Scene) -> None:
    """The card offers the post-mortem next, and the channel hears what fixed it."""
    card = shared.declare()
    shared.ben.press(card, "incident.resolve")
    view = shared.ben.wait_view(f"Resolve {ref(card)}")
    assert shared.ben.submit(view, {"root_cause": "a wrong scale", "fix": "v1 again"})["ok"]
    assert "a wrong scale" in said(shared.ana.wait_message(card["channel"], "v1 again"))
    assert shared.offering(card, "incident.postmortem")


def test_two_who_resolve_at_once_resolve_it_once(shared: Scene) -> None:
    """The second form answers that it was resolved already."""
    card = shared.declare()
    views = []
    for who in (shared.ana, shared.ben):
        who.press(card, "incident.resolve")
        views.append((who, who.wait_view(ref(card))))
    answers = at_once(*(lambda who=who, view=view: who.submit(view, {"fix": "x"}) for who, view in views))
    assert sorted(answer["ok"] and not answer.get("errors") for answer in answers) == [False, True]
    assert "resolved already" in str(answers)
    for who, view in views:
        who.close(view)


def test_postmortem_and_close(shared: Scene) -> None:
    """The last two buttons of the card."""
    card = shared.resolved()
    shared.ben.press(card, "incident.postmortem")
    assert shared.ana.wait_message(card["channel"], lambda each: each.get("files"))
    card = shared.offering(card, "incident.close")
    shared.ben.press(card, "incident.close")
    card = shared.showing(card, "closed")
    assert not has_button("incident.")(card)


def test_old_buttons_of_a_closed_incident_say_that_it_is_closed(shared: Scene) -> None:
    """A card that somebody left open changes nothing any more; the update's form says it when it is sent."""
    card = shared.resolved()
    names = ("take_command", "resolve", "close", "update")
    old = shared.buttons(
        shared.ana, card["channel"], **{f"incident__{name}": ref(card)[4:] for name in names}
    )
    shared.ana.command("/incident", "close", card["channel"])
    shared.showing(card, "closed")
    for name in names[:3]:
        assert shared.ben.press(old, f"incident.{name}")["ok"]
        assert shared.told(shared.ben, card["channel"], "is closed")
    shared.ben.press(old, "incident.update")
    form = shared.ben.wait_view(ref(card))
    assert "is closed" in str(shared.ben.submit(form, {"status": "x"}))
    shared.ben.close(form)


@pytest.mark.parametrize("value", ["", "x", "-1", "12345678901234567890", "999"])
def test_a_button_that_belongs_to_nothing_is_answered(shared: Scene, value: str) -> None:
    """Whatever an old card carries."""
    old = shared.buttons(shared.ana, "ml-ops", incident__take_command=value or " ")
    assert shared.ben.press(old, "incident.take_command")["ok"]
    assert shared.told(shared.ben, "ml-ops", "That did not work")


def test_an_unknown_button_is_answered(shared: Scene) -> None:
    """Never silence."""
    old = shared.buttons(shared.ana, "ml-ops", incident__explode="1")
    assert shared.ben.press(old, "incident.explode")["ok"]
    assert shared.told(shared.ben, "ml-ops", "does not know that button")


def test_a_manual_step_is_ticked_once(shared: Scene) -> None:
    """The second who ticks it is told who did it, by name."""
    _, checklist = commanded(shared)
    old = shared.copy(checklist)
    assert shared.ana.press(old, "step.tick")["ok"]
    shared.ana.wait_message(checklist["channel"], "1 of 8 steps done")
    assert shared.ben.press(old, "step.tick")["ok"]
    assert "Ana Ruiz" in said(shared.told(shared.ben, checklist["channel"], "was done by"))


def test_a_diagnostic_step_posts_its_evidence_in_the_thread(shared: Scene) -> None:
    """It runs by itself and ticks itself."""
    _, checklist = commanded(shared)
    assert shared.ana.press(checklist, "step.run")["ok"]
    assert shared.ana.wait_reply(checklist, lambda each: each["user"] == "U0LOCALBOT")
    assert shared.ana.wait_message(checklist["channel"], "1 of 8 steps done")


def test_a_viewer_cannot_press(shared: Scene) -> None:
    """The button answers with the reason."""
    card = shared.declare()
    shared.vic.join(card["channel"])
    assert shared.vic.press(card, "incident.take_command")["ok"]
    assert shared.told(shared.vic, card["channel"], "Only a responder may take command")
