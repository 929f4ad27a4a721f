"""The sender under Slack's bad days: every message once, in order, whatever the call answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wire import Json, Scene, has_button, ref, said, scene

FAULTS: dict[str, Json] = {
    "429": {"retry_after": 0.3},
    "500": {},
    "ok_false": {},
    "hang": {"seconds": 1.2},
    "close": {},
    "late_500": {},
    "late_close": {},
}


def updates(stage: Scene, card: Json) -> list[str]:
    """The updates in the incident's channel, in order."""
    return [each["text"] for each in bodies(stage, card) if each["text"].startswith("Update")]


def bodies(stage: Scene, card: Json) -> list[Json]:
    """The bot's own messages in a channel."""
    return [
        each
        for each in stage.ana.messages(card["channel"])
        if each["user"] == "U0LOCALBOT" and each.get("blocks")
    ]


def heard(stage: Scene, card: Json) -> list[str]:
    """The words of the updates, in order."""
    return [
        word for each in bodies(stage, card) for word in ("one", "two", "three") if f"\n{word}" in said(each)
    ]


@pytest.mark.parametrize("kind", FAULTS)
def test_updates_arrive_once_and_in_order(stage: Scene, kind: str) -> None:
    """A call fails, and the messages behind it wait their turn."""
    card = stage.declare()
    stage.ana.wait_message("ml-incidents", ref(card))
    stage.tocsin.sender.courier.slack.client.timeout = 1
    stage.fault(kind, **FAULTS[kind])
    for word in ("one", "two", "three"):
        stage.tocsin.tools.incidents.update(int(ref(card)[4:]), word, by=stage.ana.id)
    stage.ana.wait_message(card["channel"], "three", 20)
    assert heard(stage, card) == ["one", "two", "three"]
    assert stage.seen("faults") == []


@pytest.mark.parametrize("kind", ["late_500", "late_close"])
def test_the_whole_declaration_survives(stage: Scene, kind: str) -> None:
    """Every call of it fails once; in the end there is one channel, one card, one pin, one line."""
    for method in (
        "conversations.create",
        "chat.postMessage",
        "pins.add",
        "conversations.invite",
        "conversations.setTopic",
    ):
        stage.fault(kind, method)
    title = stage.title()
    assert stage.ben.submit(stage.form(stage.ben, title), {"title": title})["ok"]
    room = stage.ana.wait_channel(lambda each: each["topic"].endswith(title), 20)
    stage.ana.wait_message("ml-incidents", title, 20)
    page = stage.ana.channel(room["id"])
    cards = [each for each in page["messages"] if has_button("incident.resolve")(each)]
    assert len(cards) == 1 and page["pins"] == [cards[0]["ts"]] and stage.ana.id in page["members"]
    names = [each["name"] for each in stage.ana.workspace()["channels"] if each["name"].startswith("inc-")]
    assert names == [room["name"]] and len(lines(stage, title)) == 1


def lines(stage: Scene, title: str) -> list[Json]:
    """What #ml-incidents says about an incident."""
    return [each for each in stage.ana.messages("ml-incidents") if title in each["text"]]


@pytest.mark.parametrize("room", ["ml-alerts", "a direct message"])
def test_a_message_outside_of_incidents_is_looked_for_before_it_is_said_again(
    stage: Scene, room: str
) -> None:
    """Rooms that are named by `#name` or by a person can be looked through, too."""
    direct = stage.ana.open_direct("U0LOCALBOT")
    wanted = {"ml-alerts": ("summary", "ml-alerts"), "a direct message": (f"@{stage.ana.id}", direct)}
    target, channel = wanted[room]
    stage.fault("late_500")
    stage.tocsin.tools.summaries.post(room=target)
    stage.tocsin.tools.summaries.post(room=target)
    assert stage.ana.wait_message(channel, lambda _: len(summaries(stage, channel)) == 2, 20)
    assert len(stage.calls("chat.postMessage")) == 2


def summaries(stage: Scene, channel: str) -> list[Json]:
    """The summaries in a channel."""
    return [each for each in stage.ana.messages(channel) if each["text"].startswith("Daily summary")]


def test_a_post_mortem_is_shared_once(stage: Scene) -> None:
    """The upload answered with an error although it worked."""
    card = stage.resolved()
    stage.fault("late_500", "files.completeUploadExternal")
    stage.ana.command("/incident", "postmortem", card["channel"])
    stage.ana.wait_message(card["channel"], has_button("incident.close"), 20)
    stage.ana.wait_message(card["channel"], lambda each: each.get("files"), 20)
    stage.ana.wait_message(card["channel"], "Post-mortem", 20)
    stage.tocsin.tools.incidents.update(1, "three", by=stage.ana.id)
    stage.ana.wait_message(card["channel"], "three", 20)
    shared = [each for each in stage.ana.messages(card["channel"]) if each.get("files")]
    assert len(shared) == 1 and len(shared[0]["files"]) == 2


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    """Somebody else's channel is left alone, even when the answer about our own was lost."""
    with scene(tmp_path, channels=("inc-1-taken",)) as stage:
        stage.fault("late_500", "conversations.create", times=2)
        assert stage.ana.submit(stage.form(stage.ana), {"title": "taken"})["ok"]
        stage.ana.wait_message("ml-incidents", "taken", 20)
        rooms = [each["name"] for each in stage.ana.workspace()["channels"]]
        assert sorted(each for each in rooms if "taken" in each) == ["inc-1-taken", "inc-1-taken-2"]


def test_the_declarer_hears_of_a_channel_that_cannot_be_made(stage: Scene) -> None:
    """A missing scope: a direct message says so, and nothing hangs."""
    stage.fault("ok_false", "conversations.create", error="missing_scope")
    title = stage.title()
    assert stage.ben.submit(stage.form(stage.ben, title), {"title": title})["ok"]
    direct = stage.ben.open_direct("U0LOCALBOT")
    told = said(stage.ben.wait_message(direct, "could not make the channel"))
    assert "missing_scope" in told and "INC-1" in told
    assert stage.declare(stage.ana)


@pytest.mark.parametrize(
    ("method", "what"),
    [
        ("pins.add", "pin the card"),
        ("conversations.invite", "invite the responders"),
        ("conversations.setTopic", "set the topic"),
    ],
)
def test_what_else_is_refused_is_told_and_the_rest_goes_on(stage: Scene, method: str, what: str) -> None:
    """One refusal costs one step."""
    stage.fault("ok_false", method, error="missing_scope")
    card = stage.declare(stage.ben)
    direct = stage.ben.open_direct("U0LOCALBOT")
    assert stage.ben.wait_message(direct, f"could not {what}")
    assert stage.ana.wait_message("ml-incidents", ref(card))
