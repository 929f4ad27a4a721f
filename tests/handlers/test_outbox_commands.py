"""`/ops doctor` and `/ops resend`: dead letters are seen, and said once the cause is mended."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import select

from ops_core.store.outbox import Delivery, OutboxRow
from tests.wire import Scene, ref, said, scene, until


def dead(stage: Scene) -> list[int]:
    """The numbers of the dead letters."""
    with stage.tocsin.database.read() as session:
        found = select(OutboxRow.id).where(OutboxRow.state == Delivery.DEAD)
        return [one for one in session.exec(found) if one]


def killed(stage: Scene) -> int:
    """An update that Slack refuses for good; its number."""
    card = stage.declare()
    stage.ana.wait_message("ml-incidents", ref(card))
    stage.fault("ok_false", error="restricted_action")
    stage.tocsin.tools.incidents.update(int(ref(card)[4:]), "note-one", by=stage.ana.id)
    (number,) = until(lambda: dead(stage))
    return int(number)


def test_a_dead_letter_is_seen_and_sent_again(tmp_path: Path) -> None:
    """With why it died; afterwards none is left, and it stands in its channel once."""
    with scene(tmp_path, more={"people": {"default_role": "commander"}}) as stage:
        number = killed(stage)
        stage.ana.command("/ops", "doctor", "ml-ops")
        shown = said(stage.told(stage.ana, "ml-ops", "given up"))
        assert f"{number}" in shown and "restricted_action" in shown
        assert "nobody is “lead”, whom the policy default pages" in shown
        stage.ana.command("/ops", f"resend {number}", "ml-ops")
        stage.told(stage.ana, "ml-ops", "1 dead letter is on the way again")
        room = stage.ana.wait_channel(lambda each: each["name"].startswith("inc-1"))["id"]
        stage.ana.wait_message(room, "note-one")
        assert dead(stage) == []


def test_all_dead_letters_are_looked_for_before_they_are_said(tmp_path: Path) -> None:
    """One that had arrived after all is not said again."""
    with scene(tmp_path, more={"people": {"default_role": "commander"}}) as stage:
        killed(stage)
        with stage.tocsin.database.write() as session:
            row = session.exec(select(OutboxRow).where(OutboxRow.room == "incidents")).one()
            row.state = Delivery.DEAD
            session.add(row)
        stage.ana.command("/ops", "resend all", "ml-ops")
        stage.told(stage.ana, "ml-ops", "2 dead letters are on the way again")
        until(lambda: not stage.tocsin.tools.letters.health()["waiting"])
        assert sum("INC-1" in each["text"] for each in stage.ana.messages("ml-incidents")) == 1


def test_what_cannot_be_resent_is_said(shared: Scene) -> None:
    """No number, no such letter, no right."""
    for text, answer in (("x", "no number"), ("999", "no dead letter 999"), ("all", "No dead letter")):
        shared.tocsin.tools.letters.roles.by_person[shared.ben.id] = 3  # type: ignore[index]  # a commander
        shared.ben.command("/ops", f"resend {text}", "ml-ops")
        assert shared.told(shared.ben, "ml-ops", answer)
    shared.vic.command("/ops", "resend all", "ml-ops")
    assert shared.told(shared.vic, "ml-ops", "Only a commander")
