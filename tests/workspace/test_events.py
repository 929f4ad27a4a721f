"""Events: told once to one socket, tried again when nobody acknowledges, and only where the bot is."""

import json
from collections.abc import Callable
from queue import Queue
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect as open_socket

from bot.workspace.person import PersonClient
from bot.workspace.running import Running
from tests import local

Connect = Callable[[], None]
Body = dict[str, Any]
Keep = Callable[[Queue[Body]], Callable[..., None]]


def attempts(place: Running, kind: str) -> list[tuple[int, bool]]:
    """How often an event of a type was sent, and whether it was acknowledged."""
    events = local.get(f"{place.url}/control/events").json()
    return [(event["attempt"], event["ok"]) for event in events if event["type"] == kind]


def socket_url(place: Running) -> str:
    """An address for one connection, as the app asks for it."""
    client = WebClient(token="xapp-local", base_url=place.api_url)
    return str(client.apps_connections_open(app_token="xapp-local")["url"])


def until(condition: Callable[[], bool], person: PersonClient) -> None:
    """Wait for a condition of the workspace, at most five seconds."""
    for _ in range(100):
        if condition():
            return
        person.events(10**9, 0.05)
    pytest.fail("it did not come true in five seconds")


def test_what_people_say_is_told_to_the_app(
    app: App, keep: Keep, connect: Connect, ana: PersonClient, channel: str
) -> None:
    """A message event has Slack's shape."""
    seen: Queue[Body] = Queue()
    app.event("message")(keep(seen))
    connect()
    said = ana.say("general", "a < b & @ben")
    event = seen.get(timeout=5)["event"]
    assert event["channel"] == channel and event["channel_type"] == "channel" and event["ts"] == said["ts"]
    assert event["text"] == "a &lt; b &amp; <@U0BEN0000>"


def test_a_mention_is_told_as_one(app: App, keep: Keep, connect: Connect, ana: PersonClient) -> None:
    """Both a message and an app_mention arrive."""
    seen: Queue[Body] = Queue()
    app.event("message")(lambda ack: ack())
    app.event("app_mention")(keep(seen))
    connect()
    ana.say("general", "@bell ring")
    assert seen.get(timeout=5)["event"]["text"].endswith("> ring")


def test_reactions_pins_and_members_are_told(
    app: App, keep: Keep, connect: Connect, client: WebClient, ana: PersonClient, channel: str
) -> None:
    """reaction_added, pin_added and member_left_channel arrive in Slack's shapes."""
    seen: Queue[Body] = Queue()
    for kind in ("reaction_added", "pin_added", "member_left_channel"):
        app.event(kind)(keep(seen))
    app.event("message")(lambda ack: ack())
    connect()
    message = ana.say("general", "look")
    ana.react(message, "eyes")
    ana.pin(message)
    ana.leave("general")
    events = {body["event"]["type"]: body["event"] for body in (seen.get(timeout=5) for _ in range(3))}
    assert events["reaction_added"]["item"] == {"type": "message", "channel": channel, "ts": message["ts"]}
    assert events["pin_added"]["channel_id"] == channel
    assert events["member_left_channel"]["user"] == ana.id


def test_channels_without_the_bot_stay_private_to_people(
    app: App, keep: Keep, connect: Connect, ana: PersonClient, place: Running
) -> None:
    """The bot hears nothing of a channel that it is not in."""
    seen: Queue[Body] = Queue()
    app.event("message")(keep(seen))
    connect()
    ana.say("ml-ops", "among ourselves")
    ana.say("general", "for all")
    assert seen.get(timeout=5)["event"]["text"] == "for all"
    until(lambda: attempts(place, "message") == [(0, True)], ana)


def test_what_nobody_acknowledges_is_sent_again(connect: Connect, ana: PersonClient, place: Running) -> None:
    """One attempt and three retries, then it is given up."""
    connect()  # the app has no listener for messages, so that bolt leaves them unacknowledged
    ana.say("general", "hello?")
    expected = [(n, False) for n in range(4)]
    until(lambda: attempts(place, "message") == expected, ana)
    ana.say("general", "hello again?")
    until(lambda: len(attempts(place, "message")) == 8, ana)
    assert attempts(place, "message") == [*expected, *expected]  # none came late


def test_a_retry_says_so(ana: PersonClient, place: Running) -> None:
    """The second attempt carries its number and the reason; an acknowledgement ends it."""
    with open_socket(socket_url(place)) as socket:
        assert json.loads(socket.recv())["type"] == "hello"
        ana.say("general", "hello?")
        first, second = json.loads(socket.recv()), json.loads(socket.recv())
        socket.send(json.dumps({"envelope_id": second["envelope_id"]}))
    assert (first["retry_attempt"], first["accepts_response_payload"]) == (0, False)
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
    assert first["payload"] == second["payload"] and first["envelope_id"] != second["envelope_id"]
    until(lambda: attempts(place, "message") == [(0, False), (1, True)], ana)


def test_a_duplicate_arrives_with_the_same_event_id(
    app: App, keep: Keep, connect: Connect, ana: PersonClient, place: Running
) -> None:
    """On request an acknowledged event is sent twice, as Slack sometimes does."""
    seen: Queue[Body] = Queue()
    app.event("message")(keep(seen))
    connect()
    local.post(f"{place.url}/control/duplicate", json={"times": 1})
    ana.say("general", "once")
    assert seen.get(timeout=5)["event_id"] == seen.get(timeout=5)["event_id"]


def test_events_wait_for_an_app_that_is_away(
    app: App, keep: Keep, connect: Connect, ana: PersonClient
) -> None:
    """What was said before the app connected arrives when it does."""
    seen: Queue[Body] = Queue()
    app.event("message")(keep(seen))
    for number in range(40):
        ana.say("general", f"early {number}")
    connect()
    texts = {seen.get(timeout=5)["event"]["text"] for _ in range(40)}
    assert texts == {f"early {number}" for number in range(40)}


def test_each_envelope_goes_to_one_of_several_sockets(
    app: App, keep: Keep, connect: Connect, ana: PersonClient, place: Running
) -> None:
    """Two connections share the events between them."""
    seen: Queue[Body] = Queue()
    app.event("message")(keep(seen))
    connect()
    connect()
    for number in range(4):
        ana.say("general", f"number {number}")
    assert len({seen.get(timeout=5)["event_id"] for _ in range(4)}) == 4
    sent = [socket["sent"] for socket in local.get(f"{place.url}/control/sockets").json()]
    assert sent == [2, 2]


def test_the_app_comes_back_after_a_refresh(
    app: App, keep: Keep, connect: Connect, ana: PersonClient, place: Running
) -> None:
    """Slack's disconnect message makes the real client open a new connection, and nothing is lost."""
    seen: Queue[Body] = Queue()
    app.event("message")(keep(seen))
    connect()
    local.post(f"{place.url}/control/sockets/drop", json={"reason": "refresh_requested"})
    ana.say("general", "still there?")
    assert seen.get(timeout=8)["event"]["text"] == "still there?"


def test_a_ticket_opens_one_socket_only(place: Running) -> None:
    """The address of apps.connections.open is refused the second time."""
    url = socket_url(place)
    with open_socket(url) as socket:
        assert '"hello"' in str(socket.recv())
        with pytest.raises(InvalidStatus):
            open_socket(url)


def test_the_bots_own_messages_are_told_with_its_bot_id(
    client: WebClient, channel: str, place: Running
) -> None:
    """As in Slack, which leaves it to the app to overhear itself."""
    with open_socket(socket_url(place)) as socket:
        socket.recv()
        client.chat_postMessage(channel=channel, text="it is me")
        event = json.loads(socket.recv())["payload"]["event"]
    assert event["bot_id"] == "B0LOCAL01" and event["user"] == "U0LOCALBOT"


def test_edits_and_deletions_are_told(client: WebClient, channel: str, place: Running) -> None:
    """message_changed and message_deleted carry the previous message."""
    ts = client.chat_postMessage(channel=channel, text="one")["ts"]
    until_sent = socket_url(place)
    with open_socket(until_sent) as socket:
        socket.recv()
        client.chat_update(channel=channel, ts=ts, text="two")
        client.chat_delete(channel=channel, ts=ts)
        events = [json.loads(socket.recv())["payload"]["event"] for _ in range(3)]
    told = {event.get("subtype"): event for event in events}
    assert told["message_changed"]["previous_message"]["text"] == "one"
    assert told["message_deleted"]["deleted_ts"] == ts
