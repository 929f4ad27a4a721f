"""Alerts in Slack: what a card's buttons, `/ops alerts` and `/ops silence` do, each on a bot of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops_core.alerts.heard import Heard
from ops_core.severity import Severity
from tests.ops_core.stand_ins import BAD, MODEL
from tests.wire import Json, Scene, has_button, parsed, said, scene


def hear(stage: Scene, *instances: str, **other: str) -> Json:
    """The card of somebody else's alert that fires."""
    now = stage.tocsin.store.clock.now()
    labels = {"alertname": "DiskFull", "service": "ranker"} | other
    words = [
        Heard(
            "prometheus", labels | {"instance": one}, {"summary": f"{one} is full"}, now, severity=Severity.P2
        )
        for one in instances
    ]
    stage.tocsin.tools.alerts.intake.take(words)
    return stage.ana.wait_message("ml-alerts", labels["alertname"])


def ask(stage: Scene, text: str, expected: str) -> Json:
    """What `/ops` answers."""
    stage.ana.command("/ops", text, "ml-ops")
    return stage.told(stage.ana, "ml-ops", expected)


def offered(stage: Scene, text: str, button: str) -> Json:
    """What `/ops` answers, with a button to press."""
    stage.ana.command("/ops", text, "ml-ops")
    return stage.ana.wait_message("ml-ops", has_button(button))


def test_somebody_else_s_alert_has_a_card_too(stage: Scene) -> None:
    """That lists the worst few, counts the rest, and is edited when one more fires."""
    card = hear(stage, *(f"gpu-{number}" for number in range(8)))
    assert "8 of 8 alerts" in said(card) and "… and 3 more" in said(card)
    hear(stage, "gpu-9")
    stage.ana.wait_message("ml-alerts", lambda each: each["ts"] == card["ts"] and "9 of 9" in said(each))


def test_the_runbook_of_a_rule_is_a_press_away(stage: Scene) -> None:
    """On the card, which says nothing twice; what is no address is no link."""
    now = stage.tocsin.store.clock.now()
    for name, address in (("Full", "https://runbooks.example/full"), ("Odd", "javascript:alert(1)")):
        words = {"summary": f"{name} again", "runbook_url": address}
        stage.tocsin.tools.alerts.intake.take([Heard("prometheus", {"alertname": name}, words, now)])
    card = stage.ana.wait_message("ml-alerts", "Full again")
    assert "<https://runbooks.example/full|Runbook>" in said(card)
    assert said(card).count("Full again") == 2  # as the notification, and as the header
    assert "Runbook" not in said(stage.ana.wait_message("ml-alerts", "Odd again"))


def test_words_of_others_mention_nobody(stage: Scene) -> None:
    """Neither on the card, nor in the answers about it."""
    hear(stage, "<!channel> <@U0BEN0000>")
    assert "<!channel>" not in parsed(stage.ana.wait_message("ml-alerts", "is full"))
    for text in ("alerts", "alerts why A-1"):
        assert "<!channel>" not in parsed(ask(stage, text, "A-1"))


def test_a_long_description_does_not_fill_the_room(stage: Scene) -> None:
    """The card has its beginning, and the evidence all that is kept."""
    now = stage.tocsin.store.clock.now()
    words = {"summary": "a disk is full", "description": "in detail: " + "very " * 300 + "THE END"}
    stage.tocsin.tools.alerts.intake.take([Heard("prometheus", {"alertname": "DiskFull"}, words, now)])
    card = stage.ana.wait_message("ml-alerts", "in detail")
    assert len(said(card)) < 1500 and "THE END" not in said(card)
    stage.ana.press(card, "alert.evidence")
    stage.ana.wait_message("ml-alerts", "THE END")


def test_a_silence_by_labels_is_made_listed_and_lifted(stage: Scene) -> None:
    """Curly quotes, as phones write them, are quotes."""
    hear(stage, "gpu-1", "gpu-2")
    ask(stage, "silence service=“ranker” alertname=~Disk.* 4h because a move", "2 alerts of those that fire")
    stage.ana.wait_message("ml-alerts", "silenced")
    stage.ana.press(offered(stage, "silence list", "silence.lift"), "silence.lift")
    stage.ana.wait_message("ml-alerts", "firing: ranker")
    assert ask(stage, "silence list", "Nothing is silenced")
    assert ask(stage, "silence lift S-1", "S-1 ended at")


def test_a_silence_of_everything_asks_again(stage: Scene) -> None:
    """And is made when the button is pressed."""
    asked = offered(stage, "silence alertname=~.+ 1h because I sleep", "silence.make")
    assert (
        "This would silence every alert, also those of P0. 0 of the 0" in said(asked)
        and stage.tocsin.tools.silences.held() == []
    )
    stage.ana.press(asked, "silence.make")
    stage.told(stage.ana, "ml-ops", "S-1")
    assert [one.reason for one in stage.tocsin.tools.silences.held()] == ["I sleep"]


def test_a_silence_of_all_that_there_was_asks_again(stage: Scene) -> None:
    """Though its words do not say everything; one of nothing says so."""
    for name in ("DiskFull", "DiskSlow", "DiskGone"):
        hear(stage, "gpu-1", "gpu-2", alertname=name)
    asked = offered(stage, "silence alertname=~Disk.* 1h", "silence.make")
    assert "all 6 alerts of the last 30 days" in said(asked)
    ask(stage, "silence severity=~P0|P1|P2|P3 1h", "This would silence every alert")
    ask(stage, "silence alertname=Disc 2w a typo", "It matches nothing that fires now, nor anything of")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("silence model=x", "Say for how long"),
        ("silence A-1", "Say for how long"),
        ("silence 4h", "“4h” cannot be read"),
        ("silence model=x soon because", "“soon” says no time. Say for how long"),
        ("silence A-1 until yesterday", "“until yesterday” says no time"),
        ("silence model=~( 1h", "is none"),
        ("silence model=~(x 1h", "is none"),
        ("silence lift one", "names no silence"),
        ("silence lift S-99", "There is no silence S-99"),
        ("alerts why A-99", "There is no alert A-99"),
        ("alerts why not", "names nothing here"),
    ],
)
def test_what_cannot_be_is_said(shared: Scene, text: str, expected: str) -> None:
    """With what to write instead."""
    shared.ana.command("/ops", text, "ml-ops")
    assert shared.told(shared.ana, "ml-ops", expected)


def test_several_are_acknowledged_at_once(stage: Scene) -> None:
    """What somebody has already is passed over, as long as something is left."""
    for name in ("DiskFull", "DiskSlow", "DiskGone"):
        hear(stage, "gpu-1", alertname=name)
    ask(stage, "ack A-1 A-99", "There is no alert A-99")
    ask(stage, "ack A-1", "Ana Ruiz has it")
    shown = said(ask(stage, "ack A-1, a-2 3", "3 alerts"))
    assert shown.count("Ana Ruiz has it") == 3
    ask(stage, "ack A-2 A-3", "A-2 was acknowledged by")


def test_why_tells_what_was_said_of_an_alert(stage: Scene) -> None:
    """How it was grouped, where it went, and each alert's reason."""
    hear(stage, "gpu-1")
    told = said(ask(stage, "alerts why A-1", "it has a card"))
    assert "alertname=DiskFull" in told and "told" in told


def test_evidence_of_somebody_else_s_alert_is_its_words(stage: Scene) -> None:
    """Said to the one who asks."""
    stage.ana.press(hear(stage, "gpu-1"), "alert.evidence")
    assert stage.told(stage.ana, "ml-alerts", "instance=gpu-1")


def test_evidence_of_our_own_alert_is_in_its_thread(stage: Scene) -> None:
    """With all the numbers."""
    stage.tocsin.tools.checkups.run(MODEL)
    stage.tocsin.tools.alerts.receive(MODEL, BAD)
    card = stage.ana.wait_message("ml-alerts", has_button("alert.evidence"))
    stage.ana.press(card, "alert.evidence")
    shown = said(stage.ana.wait_reply(card, "performance.f1"))
    assert "0.65" in shown and "asked by Ana Ruiz" in shown


def test_who_is_on_call_is_told_without_calling(stage: Scene) -> None:
    """To the one who asks."""
    stage.ana.press(hear(stage, "gpu-1"), "alert.oncall")
    assert "Ana Ruiz" in said(stage.told(stage.ana, "ml-alerts", "On call"))


def test_an_incident_is_declared_from_any_message(stage: Scene) -> None:
    """Its words are the form's."""
    sent = stage.ana.say("general", "scores look odd since noon")
    assert stage.ana.shortcut("incident.declare_from_message", sent)["ok"]
    view = stage.ana.wait_view("scores look odd since noon")
    assert stage.ana.submit(view)["ok"]
    assert stage.ana.wait_channel(lambda each: each["name"] == "inc-1-scores-look-odd-since-noon")


def test_an_incident_is_declared_from_a_card_by_the_same_shortcut(stage: Scene) -> None:
    """It knows which alert the card is of, links it in the card's thread, and does it once."""
    card = hear(stage, "gpu-1")
    assert stage.ana.shortcut("incident.declare_from_message", card)["ok"]
    assert stage.ana.submit(stage.ana.wait_view("ranker"))["ok"]
    stage.ana.wait_message("ml-alerts", "Handled as")
    stage.ana.wait_reply(card, "Handled as")
    stage.ben.shortcut("incident.declare_from_message", card)
    assert stage.told(stage.ben, "ml-alerts", "INC-1 was already declared")


def test_the_thread_holds_what_became_of_it(stage: Scene) -> None:
    """Who has it, who silenced it until when and up to what, and that it is over."""
    card = hear(stage, "gpu-1")
    stage.ana.press(card, "alert.acknowledge")
    stage.ana.wait_reply(card, "Acknowledged by Ana Ruiz")
    stage.ana.command("/ops", "silence A-1 4h a move", "ml-ops")
    told = stage.told(stage.ana, "ml-ops", "S-1")
    assert "It holds up to P2: what is worse rings" in said(told)
    assert "Reason: a move" in said(stage.ana.wait_reply(card, "Silenced by Ana Ruiz"))
    now = stage.tocsin.store.clock.now()
    labels = {"alertname": "DiskFull", "service": "ranker", "instance": "gpu-1"}
    stage.tocsin.tools.alerts.intake.take([Heard("prometheus", labels, {}, now, now)])
    stage.ana.wait_reply(card, "Resolved, it fired for")


def test_what_is_back_on_its_card_is_a_line_in_the_thread(stage: Scene) -> None:
    """Of an edit alone nobody would hear."""
    card = hear(stage, "gpu-1")
    now = stage.tocsin.store.clock.now()
    labels = {"alertname": "DiskFull", "service": "ranker", "instance": "gpu-1"}
    stage.tocsin.tools.alerts.intake.take([Heard("prometheus", labels, {}, now, now)])
    stage.ana.wait_reply(card, "Resolved, it fired for")
    assert hear(stage, "gpu-1")["ts"] == card["ts"]
    assert "A-1" in said(stage.ana.wait_reply(card, "Firing again"))


def test_an_incident_is_linked_in_every_room_of_its_alert(tmp_path: Path) -> None:
    """In the thread of each card."""
    routes = [{"room": "#ml-alerts", "go_on": True}, {"room": "#ml-ops"}]
    with scene(tmp_path, more={"alerts": {"routes": routes}}) as stage:
        cards = [hear(stage, "gpu-1"), stage.ana.wait_message("ml-ops", "DiskFull")]
        stage.ana.press(cards[0], "alert.declare")
        assert stage.ana.submit(stage.ana.wait_view("ranker"))["ok"]
        for card in cards:
            stage.ana.wait_reply(card, "Handled as")


def test_a_line_of_a_digest_has_the_buttons_of_a_card(stage: Scene) -> None:
    """In the answer to `/ops alerts`, which the digest names."""
    for number in range(12):
        now = stage.tocsin.store.clock.now()
        word = Heard("prometheus", {"alertname": f"Storm{number:02}"}, {}, now, severity=Severity.P2)
        stage.tocsin.tools.alerts.intake.take([word])
    digest = stage.ana.wait_message("ml-alerts", "in a storm")
    assert "/ops alerts shows them with the buttons of a card" in said(digest).replace("`", "")
    listed = offered(stage, "alerts", "alert.acknowledge")
    last = next(each for each in listed["blocks"] if "'value': '12'" in str(each))
    stage.ana.press(listed, "alert.acknowledge", block_id=last["block_id"])
    stage.ben.wait_message(
        "ml-alerts", lambda each: each["ts"] == digest["ts"] and "acknowledged" in said(each)
    )
