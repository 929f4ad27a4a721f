"""`/model` and `/ops`, and the buttons of alerts and rollbacks, each on a bot of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops_core.errors import Unavailable
from tests.ops_core.stand_ins import BAD, GOOD, MODEL, FakeJudge, FakeServing
from tests.wire import Json, Scene, at_once, has_button, ref, said, scene


def alert(stage: Scene) -> Json:
    """The card of an alert that fires."""
    stage.tocsin.tools.alerts.receive(MODEL, BAD)
    return stage.ana.wait_message("ml-alerts", has_button("alert.acknowledge"))


def incident(stage: Scene, severity: str) -> Json:
    """The card of an incident about the model."""
    return stage.declare(stage.ana, severity=severity, model=MODEL)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("status", "version 2"),
        ("status tumour", "version 2"),
        ("versions", "0.97"),
        ("status nose", "No model is called “nose”"),
        ("versions <!here>", "No model is called"),
        ("rollback nose", "No model is called “nose”"),
        ("rollback to v9", "There is no version 9"),
        ("rollback to 2", "is the one that serves already"),
        ("rollback a b c", "cannot be read"),
    ],
)
def test_model_answers_the_asker(shared: Scene, text: str, expected: str) -> None:
    """What is there, and what is not."""
    shared.ben.command("/model", text, "ml-ops")
    assert shared.told(shared.ben, "ml-ops", expected.replace("version 2", "v2"))["to"] == shared.ben.id


@pytest.mark.parametrize("text", ["status", "versions", "rollback"])
def test_a_registry_that_is_down_is_said_to_be_down(shared: Scene, text: str) -> None:
    """And that trying again may help."""
    shared.registry.down = True
    try:
        shared.ben.command("/model", text, "ml-ops")
        told = said(shared.told(shared.ben, "ml-ops", "The registry did not answer"))
    finally:
        shared.registry.down = False
    assert "you can try again" in told


def test_a_rollback_needs_a_second_person_at_p1(stage: Scene) -> None:
    """Preview, refusal of one's own approval, approval, proof; the incident is contained."""
    card = incident(stage, "P1")
    stage.ana.command("/model", "rollback because F1 fell", card["channel"])
    preview = stage.ana.wait_message(card["channel"], has_button("rollback.approve"))
    stage.ana.press(preview, "rollback.approve")
    assert stage.told(stage.ana, card["channel"], "somebody else has to approve")
    stage.ben.press(preview, "rollback.approve")
    stage.ana.wait_message(card["channel"], "Done and verified")
    stage.showing(card, "resolve")
    assert stage.registry.moves == ["1"]


def test_two_who_approve_at_once_move_the_alias_once(stage: Scene) -> None:
    """The slower one is told who decided."""
    card = incident(stage, "P1")
    stage.vic.join(card["channel"])
    stage.tocsin.tools.rollbacks.roles.by_person.clear()  # type: ignore[attr-defined]  # Vic may do as the others
    stage.vic.command("/model", "rollback", card["channel"])
    preview = stage.copy(stage.ana.wait_message(card["channel"], has_button("rollback.approve")))
    at_once(*(lambda who=who: who.press(preview, "rollback.approve") for who in (stage.ana, stage.ben)))
    stage.ana.wait_message(card["channel"], "Done and verified")
    answers = [
        each
        for who in (stage.ana, stage.ben)
        for each in who.messages(card["channel"])
        if each.get("ephemeral")
    ]
    assert len(answers) == 1 and "was decided already by" in said(answers[0])
    assert stage.registry.moves == ["1"]


def test_a_rollback_that_cannot_be_proven_offers_the_undo(tmp_path: Path) -> None:
    """Without a serious incident one person is enough; the server is ill, and the alias goes back."""
    with scene(tmp_path, more={"rollback": {"verify_within": "0s"}}) as stage:
        serving = stage.world.serving
        assert isinstance(serving, FakeServing)
        serving.healthy = False
        stage.ana.command("/model", "rollback to 1", "ml-ops")
        stage.ana.press(stage.ana.wait_message("ml-ops", has_button("rollback.apply")), "rollback.apply")
        proof = stage.ana.wait_message("ml-ops", has_button("rollback.undo"))
        assert "connection refused" in said(proof)
        at_once(*(lambda who=who: who.press(proof, "rollback.undo") for who in (stage.ana, stage.ben)))
        stage.ana.wait_message("ml-ops", "Undone")
        assert stage.registry.moves == ["1", "2"]


def test_the_card_s_button_proposes_and_reject_ends_it(stage: Scene) -> None:
    """Rejected twice, the second is told so."""
    card = incident(stage, "P2")
    stage.ana.press(card, "rollback.request")
    preview = stage.copy(stage.ana.wait_message(card["channel"], has_button("rollback.reject")))
    stage.ben.press(preview, "rollback.reject")
    stage.ana.wait_message(card["channel"], "Rejected; nothing was changed")
    stage.ana.press(preview, "rollback.reject")
    assert stage.told(stage.ana, card["channel"], "was decided already by Ben Okafor")


def test_a_rollback_that_cannot_be_applied_is_said_on_its_card(stage: Scene) -> None:
    """The registry went down between the approval and the move, and came back to another version."""
    stage.ana.command("/model", "rollback to 1", "ml-ops")
    preview = stage.ana.wait_message("ml-ops", has_button("rollback.apply"))
    stage.registry.names["champion"] = "3"
    stage.ana.press(preview, "rollback.apply")
    assert "names version 3 now" in said(stage.ana.wait_message("ml-ops", "Not applied"))
    assert stage.registry.moves == []


def test_an_alert_is_acknowledged_once(stage: Scene) -> None:
    """Two press at once: one name on the card, and the other is told."""
    card = stage.copy(alert(stage))
    at_once(*(lambda who=who: who.press(card, "alert.acknowledge") for who in (stage.ana, stage.ben)))
    shown = said(stage.ana.wait_message("ml-alerts", "Acknowledged by"))
    winner, loser = ("Ana Ruiz", stage.ben) if "Ana Ruiz" in shown else ("Ben Okafor", stage.ana)
    assert winner in said(stage.told(loser, "ml-alerts", "was acknowledged by"))


@pytest.mark.parametrize("duration", ["1h", "4h", "monday"])
def test_an_alert_is_silenced_by_the_form(stage: Scene, duration: str) -> None:
    """Until when shows on the card."""
    stage.ben.press(alert(stage), "alert.silence")
    view = stage.ben.wait_view("Silence A-1")
    assert stage.ben.submit(view, {"duration": duration, "reason": "a backfill <!here>"})["ok"]
    assert "<!here>" not in said(stage.ana.wait_message("ml-alerts", "Silenced until"))


@pytest.mark.parametrize("until", [None, 1_000_000_000, 4_000_000_000])
def test_a_silence_that_cannot_be_is_refused_beside_its_field(stage: Scene, until: int | None) -> None:
    """No time, a time that is past, a time too far ahead."""
    stage.ben.press(alert(stage), "alert.silence")
    view = stage.ben.wait_view("Silence A-1")
    values: Json = {"duration": "custom", "reason": "x"} | ({"until": until} if until else {})
    assert list(stage.ben.submit(view, values)["errors"]) == ["until"]


def test_an_incident_is_declared_from_an_alert_once(stage: Scene) -> None:
    """The form knows what the alert knows; a second form is told of the first's incident."""
    card = stage.copy(alert(stage))
    for who in (stage.ana, stage.ben):
        stage_view = who.press(card, "alert.declare")
        assert stage_view["ok"]
    first, second = stage.ana.wait_view("tumour"), stage.ben.wait_view("tumour")
    assert stage.ana.submit(first)["ok"]
    assert "INC-1 was already declared" in str(stage.ben.submit(second).get("errors"))
    stage.ana.wait_message("ml-alerts", "Handled as")
    stage.ben.press(card, "alert.declare")
    assert stage.told(stage.ben, "ml-alerts", "INC-1 was already declared")


def test_ops_runs_and_shows_checks(stage: Scene) -> None:
    """What each check said, for the model named."""
    stage.ana.command("/ops", f"run {MODEL}", "ml-ops")
    assert stage.told(stage.ana, "ml-ops", "performance.f1 is 0.95")
    stage.ana.command("/ops", "checks", "ml-ops")
    assert stage.told(stage.ana, "ml-ops", "performance.f1 is 0.95")


def test_ops_run_says_what_it_could_not_look_at(stage: Scene) -> None:
    """A half-written file, say; the alerts channel hears of it once."""
    judge = stage.world.judge
    assert isinstance(judge, FakeJudge)
    judge.broken = Unavailable("predictions.parquet is half-written.")
    for _ in range(2):
        stage.ana.command("/ops", "run", "ml-ops")
        assert stage.told(stage.ana, "ml-ops", "half-written")
    judge.broken, judge.says = None, GOOD
    stage.ana.command("/ops", "run", "ml-ops")
    stage.told(stage.ana, "ml-ops", "performance.f1 is 0.95")
    stage.ana.wait_message("ml-alerts", "is checked again")
    assert sum("half-written" in said(each) for each in stage.ana.messages("ml-alerts")) == 1


def test_ops_works_on_alerts_by_name(stage: Scene) -> None:
    """List, acknowledge, silence."""
    alert(stage)
    for text, expected in (
        ("alerts", "A-1"),
        ("silence A-1 4h because <!channel> rests", "is silent until"),
        ("ack A-7", "There is no alert A-7"),
        ("silence A-1 someday", "Say for how long"),
        ("silence A-1", "Say for how long"),
    ):
        stage.ana.command("/ops", text, "ml-ops")
        assert "<!channel>" not in said(stage.told(stage.ana, "ml-ops", expected))
    stage.ana.command("/ops", "ack A-1", "ml-ops")
    assert stage.ana.wait_message("ml-alerts", "Acknowledged by")


def test_ops_summary_is_posted_where_it_was_asked_for(shared: Scene) -> None:
    """In a channel for all, in a direct message for one."""
    shared.ana.command("/ops", "summary", "general")
    assert MODEL in said(shared.ana.wait_message("general", "Daily summary"))
    direct = shared.ana.open_direct("U0LOCALBOT")
    shared.ana.command("/ops", "summary", direct)
    assert shared.ana.wait_message(direct, "Daily summary")


def test_ops_audit_tells_who_did_what(shared: Scene) -> None:
    """And that the chain of entries holds."""
    card = shared.declare()
    shared.ana.command("/ops", "audit", "ml-ops")
    told = said(shared.told(shared.ana, "ml-ops", f"incident:{ref(card)[4:]}"))
    assert "incident.declare" in told


def test_a_finding_is_explained_where_somebody_asked(stage: Scene) -> None:
    """Its numbers for everybody in the channel; a check that has not run is answered to the asker alone."""
    stage.ben.command("/ops", f"run {MODEL}", "ml-ops")
    stage.told(stage.ben, "ml-ops", "performance.f1")
    stage.ben.command("/ops", "explain f1", "ml-ops")
    told = stage.ana.wait_message("ml-ops", "asked by")
    assert "Harmonic mean" in said(told) and "value" in said(told)
    stage.ben.command("/ops", "explain nonsense", "ml-ops")
    assert stage.told(stage.ben, "ml-ops", "No finding is called")["to"] == stage.ben.id


def test_a_review_is_posted_where_somebody_asked(stage: Scene) -> None:
    """And an unknown one is answered to the asker alone."""
    stage.ben.command("/ops", "review monthly", "ml-ops")
    assert MODEL in said(stage.ana.wait_message("ml-ops", "Monthly audit"))
    stage.ben.command("/ops", "review yearly", "ml-ops")
    assert stage.told(stage.ben, "ml-ops", "There is no review called")["to"] == stage.ben.id
