"""What people do reaches a real slack-bolt app over Socket Mode, and its answers reach the people."""

from collections.abc import Callable
from queue import Queue
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.workspace.person import PersonClient
from bot.workspace.running import Running

Connect = Callable[[], None]
Body = dict[str, Any]
Keep = Callable[[Queue[Body]], Callable[..., None]]


def plain(text: str) -> Body:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def button(action_id: str = "bell.ring") -> Body:
    """An actions block with one button."""
    return {
        "type": "actions",
        "elements": [{"type": "button", "action_id": action_id, "text": plain("Ring"), "value": "7"}],
    }


MENU = {
    "type": "static_select",
    "action_id": "tone",
    "options": [{"text": plain(name), "value": name.lower()} for name in ("High", "Low")],
}


def test_a_press_reaches_the_app_and_its_update_reaches_the_person(
    app: App, connect: Connect, client: WebClient, ana: PersonClient, channel: str
) -> None:
    """A button press round trip: payload in, message edited in place."""
    pressed: Queue[Body] = Queue()

    @app.action("bell.ring")
    def ring(ack: Any, body: Body, client: WebClient) -> None:
        ack()
        pressed.put(body)
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="rung")

    connect()
    client.chat_postMessage(channel=channel, text="a bell", blocks=[button()])
    assert ana.press(ana.wait_message("general", "a bell"), "Ring") == {"ok": True}
    assert "blocks" not in ana.wait_message("general", lambda message: message["text"] == "rung")
    body = pressed.get(timeout=5)
    assert body["user"]["id"] == ana.id and body["actions"][0]["value"] == "7"


def test_a_menu_in_a_message_carries_the_state_of_the_whole_message(
    app: App, keep: Keep, connect: Connect, client: WebClient, ana: PersonClient, channel: str
) -> None:
    """What was chosen earlier comes along with a later press."""
    seen: Queue[Body] = Queue()
    app.action("tone")(lambda ack: ack())
    app.action("bell.ring")(keep(seen))
    connect()
    blocks = [{"type": "section", "block_id": "b", "text": plain("tone"), "accessory": MENU}, button()]
    client.chat_postMessage(channel=channel, text="a bell", blocks=blocks)
    message = ana.wait_message("general", "a bell")
    ana.press(message, "tone", "low")
    ana.press(message, "Ring")
    assert seen.get(timeout=5)["state"]["values"]["b"]["tone"]["selected_option"]["value"] == "low"


def test_a_choice_that_the_menu_does_not_offer_is_refused(
    client: WebClient, ana: PersonClient, channel: str
) -> None:
    """A person cannot choose what is not there."""
    blocks = [{"type": "section", "text": plain("tone"), "accessory": MENU}]
    client.chat_postMessage(channel=channel, text="a bell", blocks=blocks)
    assert ana.press(ana.wait_message("general", "a bell"), "tone", "middle")["error"] == "unknown_option"


def test_a_command_that_nobody_acknowledges_fails_as_in_slack(connect: Connect, ana: PersonClient) -> None:
    """After the time limit the person reads that the app did not respond."""
    connect()
    outcome = ana.command("/ring", "", "general")
    assert outcome["error"] == "operation_timeout"
    assert outcome["message"] == "/ring failed because the app did not respond."


def test_a_command_without_any_app_fails_at_once(ana: PersonClient) -> None:
    """No socket is open: dispatch_failed."""
    assert ana.command("/ring")["error"] == "dispatch_failed"


def test_a_command_that_the_manifest_lacks_is_unknown(ana: PersonClient) -> None:
    """Only declared commands are delivered."""
    assert ana.command("/sing")["error"] == "unknown_command"


def test_an_acknowledgement_with_text_is_an_ephemeral_answer(
    app: App, connect: Connect, ana: PersonClient, ben: PersonClient
) -> None:
    """Only the one who typed the command sees it."""
    app.command("/ring")(lambda ack, command: ack(f"rang {command['text']}"))
    connect()
    assert ana.command("/ring", "twice")["ok"]
    assert ana.wait_message("general", "rang twice")["to"] == ana.id
    assert not [message for message in ben.messages("general") if "rang" in message["text"]]


def test_mentions_in_a_command_are_escaped_only_when_declared(
    app: App, keep: Keep, connect: Connect, ana: PersonClient, ben: PersonClient
) -> None:
    """`should_escape` turns @ben into <@U…|ben>; without it the text comes as typed."""
    seen: Queue[Body] = Queue()
    for name in ("/ring", "/tell"):
        app.command(name)(keep(seen))
    connect()
    for name in ("/ring", "/tell"):
        ana.command(name, "@ben")
    assert [seen.get(timeout=5)["text"] for _ in range(2)] == ["@ben", f"<@{ben.id}|ben>"]


def test_response_url_answers_replaces_and_deletes(app: App, connect: Connect, ana: PersonClient) -> None:
    """respond() posts an ephemeral message; its button replaces it, then deletes it."""

    @app.command("/ring")
    def ring(ack: Any, respond: Any) -> None:
        ack()
        respond(text="first", blocks=[button()])

    @app.action("bell.ring")
    def again(ack: Any, respond: Any, body: Body) -> None:
        ack()
        assert "message" not in body
        respond(replace_original=True, text="second")
        respond(delete_original=True)

    connect()
    ana.command("/ring")
    first = ana.wait_message("general", "first")
    since = ana.workspace()["seq"]
    ana.press(first, "Ring")
    ana.wait_gone(first)
    kinds = [event["type"] for event in ana.events(since)["events"]]
    assert kinds == ["ephemeral_changed", "ephemeral_deleted"]


def test_a_response_url_is_used_up_after_five_answers(app: App, connect: Connect, ana: PersonClient) -> None:
    """The sixth answer gets Slack's 404."""
    statuses: Queue[int] = Queue()

    @app.command("/ring")
    def ring(ack: Any, respond: Any) -> None:
        ack()
        for number in range(6):
            statuses.put(respond(text=f"answer {number}").status_code)

    connect()
    ana.command("/ring")
    assert [statuses.get(timeout=5) for _ in range(6)] == [200] * 5 + [404]


def test_an_in_channel_response_is_seen_by_all(
    app: App, connect: Connect, ana: PersonClient, ben: PersonClient
) -> None:
    """response_type in_channel makes an ordinary message of it."""
    app.command("/ring")(lambda ack: ack(text="for all", response_type="in_channel"))
    connect()
    ana.command("/ring")
    assert "ephemeral" not in ben.wait_message("general", "for all")


def test_global_and_message_shortcuts_arrive(
    app: App, keep: Keep, connect: Connect, ana: PersonClient
) -> None:
    """Shortcuts carry their callback_id; those on messages bring the message."""
    seen: Queue[Body] = Queue()
    for callback_id in ("ring", "quote"):
        app.shortcut(callback_id)(keep(seen))
    connect()
    message = ana.say("general", "wise words")
    assert ana.shortcut("ring")["ok"] and ana.shortcut("quote", message)["ok"]
    assert seen.get(timeout=5)["type"] == "shortcut"
    assert seen.get(timeout=5)["message"]["text"] == "wise words"


def test_menus_get_their_options_from_the_app(
    app: App, connect: Connect, client: WebClient, ana: PersonClient, channel: str
) -> None:
    """A block_suggestion brings back options that fit what was typed."""
    menu = {"type": "external_select", "action_id": "who", "min_query_length": 1}
    app.options("who")(lambda ack, payload: ack(options=[{"text": plain(payload["value"]), "value": "x"}]))
    connect()
    client.chat_postMessage(
        channel=channel, text="menu", blocks=[{"type": "section", "text": plain("who?"), "accessory": menu}]
    )
    found = ana.options(ana.wait_message("general", "menu"), "who", "chl")
    assert found["options"][0]["text"]["text"] == "chl"


def test_the_home_tab_is_published_per_person(
    app: App, connect: Connect, ana: PersonClient, ben: PersonClient, place: Running
) -> None:
    """Opening the tab tells the app; what it publishes is seen by that person alone."""

    @app.event("app_home_opened")
    def opened(event: Body, client: WebClient) -> None:
        text = f"hello {event['user']}"
        client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [{"type": "header", "text": plain(text)}]}
        )

    connect()
    assert ana.open_home()["blocks"][0]["text"]["text"] == f"hello {ana.id}"
    assert place.workspace.modals.homes.keys() == {ana.id}
    assert ben.open_home()["blocks"][0]["text"]["text"] == f"hello {ben.id}"
