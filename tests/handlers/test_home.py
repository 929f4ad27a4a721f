"""The Home tab: what waits for me, what is going on, and its buttons."""

from __future__ import annotations

from tests.wire import Scene, has_button, ref, said


def test_home_is_published_when_somebody_looks(shared: Scene) -> None:
    """It shows the open incidents, and what waits for the person."""
    card = shared.declare()
    shared.ben.press(card, "incident.take_command")
    shared.ana.wait_message(card["channel"], "playbook")
    shared.ben.open_home()
    assert ref(card) in said(home(shared, ref(card)))


def home(shared: Scene, wanted: str) -> dict[str, object]:
    """Ben's Home tab, once it tells what is wanted."""
    seq = 0
    while True:
        view = shared.ben.open_home()
        if wanted in said(view):
            return view
        seq = shared.ben.events(seq, 5)["seq"]


def test_home_declares(shared: Scene) -> None:
    """The button opens the empty form."""
    shared.ben.press(shared.ben.open_home(), "incident.declare")
    view = shared.ben.wait_view("Declare an incident")
    title = shared.title()
    assert shared.ben.submit(view, {"title": title})["ok"]
    assert shared.card(shared.ana, title)


def test_home_summary_comes_as_a_direct_message(shared: Scene) -> None:
    """Nobody else is bothered."""
    shared.ben.press(shared.ben.open_home(), "ops.summary")
    direct = shared.ben.open_direct("U0LOCALBOT")
    assert MODEL_NAME in said(shared.ben.wait_message(direct, MODEL_NAME))


MODEL_NAME = "tumour"


def test_a_button_of_home_that_fails_is_answered_in_a_direct_message(shared: Scene) -> None:
    """There is no channel to answer in, and silence is no answer."""
    card = shared.declare()
    shared.ben.press(card, "incident.take_command")
    old = home(shared, ref(card))
    assert has_button("step.tick")(old) or has_button("step.run")(old)
    button = "step.tick" if has_button("step.tick")(old) else "step.run"
    shared.vic.join(card["channel"])
    resolved_elsewhere(shared, card)
    assert shared.ben.press(old, button)["ok"]
    direct = shared.ben.open_direct("U0LOCALBOT")
    assert shared.ben.wait_message(direct, "That did not work")


def resolved_elsewhere(shared: Scene, card: dict[str, object]) -> None:
    """Ana resolves and closes it while Ben's Home tab is old."""
    channel = str(card["channel"])
    shared.ana.command("/incident", "resolve", channel)
    assert shared.ana.submit(shared.ana.wait_view(ref(card)), {"fix": "x"})["ok"]
    shared.ana.command("/incident", "close", channel)
    shared.ana.wait_message(channel, lambda each: each["ts"] == card["ts"] and "closed" in each["text"])
