"""The bot did what it was asked, and nobody heard that it did."""

from __future__ import annotations

from tests.wire import Scene


def test_a_form_whose_answer_got_lost_is_sent_again(stage: Scene) -> None:
    """The database was slow; the person tries again, and there is one incident."""
    form = stage.form(stage.ana, "slow day")
    with stage.tocsin.database.write():
        assert stage.ana.submit(form)["error"] == "operation_timeout"
    stage.ana.wait_channel(lambda each: each["name"] == "inc-1-slow-day")
    assert stage.ana.submit(form)["ok"]
    assert stage.ana.views() == []
    assert [one["id"] for one in stage.tocsin.tools.board.incidents()] == [1]


def test_a_topic_is_announced_once(stage: Scene) -> None:
    """Slack tells the channel each time that it is set, so we look before we set it again."""
    stage.fault("late_500", "conversations.setTopic")
    assert stage.ana.submit(stage.form(stage.ana), {"title": "Bills & <cows> fell"})["ok"]
    room = stage.ana.wait_channel(lambda each: each["name"] == "inc-1-bills-cows-fell")["id"]
    stage.ana.wait_message(room, "set the channel topic")
    stage.tocsin.tools.incidents.update(1, "all is well", by=stage.ana.id)
    stage.ana.wait_message(room, "all is well")
    told = [each for each in stage.ana.messages(room) if each.get("subtype") == "channel_topic"]
    assert len(told) == 1


def test_a_post_mortem_that_is_written_again_is_shared_again(stage: Scene) -> None:
    """An answer that got lost is no reason to take the earlier one for it."""
    room = stage.resolved()["channel"]
    for word in ("once", "twice"):
        stage.fault("late_500", "files.completeUploadExternal")
        stage.tocsin.tools.incidents.write_postmortem(1, by=stage.ana.id)
        stage.tocsin.tools.incidents.update(1, word, by=stage.ana.id)
        stage.ana.wait_message(room, word)
    assert len(_shares(stage, room)) == 2


def _shares(stage: Scene, room: str) -> list[object]:
    return [each for each in stage.ana.messages(room) if each.get("files")]
