"""The Home tab: what waits for me, what is going on, and its buttons."""

from __future__ import annotations

from tests.ops_core.stand_ins import MODEL
from tests.wire import Json, Scene, ref, said


def home(shared: Scene, wanted: str) -> Json:
    """Ben's Home tab as it is published next, with what is wanted."""
    seq = shared.seen("health")["seq"]
    shared.ben.open_home()
    for _ in range(50):
        page = shared.ben.events(seq, 5)
        seq = page["seq"]
        for event in page["events"]:
            if event["type"] == "home" and wanted in said(event["view"]):
                return dict(event["view"])
    raise AssertionError(f"no Home tab with {wanted}")


def test_home_is_published_when_somebody_looks(shared: Scene) -> None:
    """It shows the open incidents, and what waits for the person."""
    card = shared.declare()
    shared.ben.press(card, "incident.take_command")
    shared.ana.wait_message(card["channel"], "playbook")
    assert "Waiting for you" in said(home(shared, ref(card)))


def test_home_declares(shared: Scene) -> None:
    """The button opens the empty form."""
    shared.ben.press(home(shared, "Declare"), "incident.declare")
    view = shared.ben.wait_view("Declare an incident")
    title = shared.title()
    assert shared.ben.submit(view, {"title": title})["ok"]
    assert shared.card(shared.ana, title)


def test_home_summary_comes_as_a_direct_message(shared: Scene) -> None:
    """Nobody else is bothered."""
    shared.ben.press(home(shared, "Declare"), "ops.summary")
    direct = shared.ben.open_direct("U0LOCALBOT")
    assert MODEL in said(shared.ben.wait_message(direct, MODEL))


def test_a_button_of_home_that_fails_is_answered_in_a_direct_message(shared: Scene) -> None:
    """There is no channel to answer in, and silence is no answer."""
    card = shared.declare()
    shared.ben.press(card, "incident.take_command")
    shared.ana.wait_message(card["channel"], "playbook")
    old = home(shared, ref(card))
    block = next(
        each for each in old["blocks"] if ref(card) in said({"blocks": [each]}) and "accessory" in each
    )
    resolved_elsewhere(shared, card)
    assert shared.ben.press(old, block["accessory"]["action_id"], block_id=block["block_id"])["ok"]
    direct = shared.ben.open_direct("U0LOCALBOT")
    assert shared.ben.wait_message(direct, f"{ref(card)} is closed")


def resolved_elsewhere(shared: Scene, card: Json) -> None:
    """Ana resolves and closes it while Ben's Home tab is old."""
    channel = str(card["channel"])
    shared.ana.command("/incident", "resolve", channel)
    assert shared.ana.submit(shared.ana.wait_view(ref(card)), {"fix": "x"})["ok"]
    shared.ana.command("/incident", "close", channel)
    shared.showing(card, "closed")
