"""Modals: opened within three seconds, checked, stacked three deep, answered as Slack answers."""

import time
from collections.abc import Callable
from queue import Queue
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace.person import PersonClient

Connect = Callable[[], None]
Body = dict[str, Any]
Opened = Callable[..., Body]
Keep = Callable[[Queue[Body]], Callable[..., None]]


def modal(**changes: Any) -> Body:
    """A modal with one short text input, block `bell`, action `name`."""
    element = {"type": "plain_text_input", "action_id": "name", "max_length": 20}
    block = {"type": "input", "block_id": "bell", "label": _plain("Which bell?"), "element": element}
    view = {"type": "modal", "callback_id": "bells", "title": _plain("Bells"), "submit": _plain("Ring")}
    return {**view, "blocks": [block], **changes}


def _plain(text: str) -> Body:
    return {"type": "plain_text", "text": text}


@pytest.fixture
def opened(app: App, connect: Connect, ana: PersonClient) -> Callable[..., Body]:
    """Ana opens the modal with /ring; the view that she sees."""

    def opened(**changes: Any) -> Body:
        @app.command("/ring")
        def ring(ack: Any, body: Body, client: WebClient) -> None:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=modal(**changes))

        connect()
        assert ana.command("/ring")["ok"]
        return ana.wait_view()

    return opened


def refusal(call: Callable[[], object]) -> Body:
    """What Slack answers to a call that fails."""
    with pytest.raises(SlackApiError) as caught:
        call()
    return dict(caught.value.response.data)


def test_a_submission_brings_the_values_and_closes(
    app: App, keep: Keep, opened: Opened, ana: PersonClient
) -> None:
    """The app gets state.values; an empty acknowledgement closes the modal."""
    seen: Queue[Body] = Queue()
    app.view("bells")(keep(seen))
    assert ana.submit(opened(), {"bell": "Emmanuel"}) == {"ok": True}
    assert seen.get(timeout=5)["view"]["state"]["values"]["bell"]["name"]["value"] == "Emmanuel"
    assert ana.views() == []


def test_errors_stay_on_the_modal(app: App, opened: Opened, ana: PersonClient) -> None:
    """response_action errors keeps the modal open and shows the text at its block."""
    app.view("bells")(lambda ack: ack(response_action="errors", errors={"bell": "cracked"}))
    outcome = ana.submit(opened(), {"bell": "Emmanuel"})
    assert outcome["errors"] == {"bell": "cracked"} and len(ana.views()) == 1


def test_errors_for_an_unknown_block_are_trouble(app: App, opened: Opened, ana: PersonClient) -> None:
    """Slack shows a connection error when the block_id does not exist."""
    app.view("bells")(lambda ack: ack(response_action="errors", errors={"gong": "cracked"}))
    assert ana.submit(opened(), {"bell": "Emmanuel"})["error"] == "unknown_block_ids"


@pytest.mark.parametrize("value", ["", "x" * 21])
def test_slacks_own_client_complains_first(opened: Opened, ana: PersonClient, value: str) -> None:
    """What is empty or too long never reaches the app."""
    outcome = ana.submit(opened(), {"bell": value})
    assert outcome["error"] == "incomplete" and list(outcome["errors"]) == ["bell"]


def test_update_replaces_the_view_in_place(app: App, opened: Opened, ana: PersonClient) -> None:
    """response_action update keeps the id and changes the hash."""
    app.view("bells")(lambda ack: ack(response_action="update", view=modal(title=_plain("Again"))))
    view = opened()
    assert ana.submit(view, {"bell": "Emmanuel"})["response_action"] == "update"
    [now] = ana.views()
    assert now["id"] == view["id"] and now["hash"] != view["hash"] and now["title"]["text"] == "Again"


def test_push_goes_three_deep_and_clear_ends_all(app: App, opened: Opened, ana: PersonClient) -> None:
    """The fourth view is refused; clear closes the stack."""
    app.view("bells")(lambda ack: ack(response_action="push", view=modal()))
    view = opened()
    outcomes = [ana.submit(ana.views()[-1], {"bell": "a"}).get("error") for _ in range(3)]
    assert outcomes == [None, None, "push_limit_reached"]
    stack = ana.views()
    assert [v["previous_view_id"] for v in stack] == [None, stack[0]["id"], stack[1]["id"]]
    assert {v["root_view_id"] for v in stack} == {view["id"]}


def test_clear_closes_everything(app: App, opened: Opened, ana: PersonClient) -> None:
    """response_action clear leaves no modal."""
    app.view("bells")(lambda ack: ack(response_action="clear"))
    ana.submit(opened(), {"bell": "a"})
    assert ana.views() == []


def test_closing_is_told_only_when_asked_for(app: App, keep: Keep, opened: Opened, ana: PersonClient) -> None:
    """notify_on_close brings a view_closed payload."""
    closed: Queue[Body] = Queue()
    app.view_closed("bells")(keep(closed))
    ana.close(opened(notify_on_close=True))
    assert closed.get(timeout=5)["is_cleared"] is False
    assert ana.views() == []


def test_a_trigger_works_once_and_not_for_long(
    app: App, keep: Keep, connect: Connect, client: WebClient, ana: PersonClient
) -> None:
    """A second use is exchanged_trigger_id, a late one expired_trigger_id."""
    seen: Queue[Body] = Queue()
    app.command("/ring")(keep(seen))
    connect()
    ana.command("/ring")
    trigger_id = seen.get(timeout=5)["trigger_id"]
    client.views_open(trigger_id=trigger_id, view=modal())
    again = refusal(lambda: client.views_open(trigger_id=trigger_id, view=modal()))
    assert again["error"] == "exchanged_trigger_id"
    ana.command("/ring")
    trigger_id = seen.get(timeout=5)["trigger_id"]
    deadline = time.monotonic() + 1.05
    while time.monotonic() < deadline:
        ana.events(10**9, 0.2)
    assert (
        refusal(lambda: client.views_open(trigger_id=trigger_id, view=modal()))["error"]
        == "expired_trigger_id"
    )


def test_an_old_hash_conflicts(client: WebClient, opened: Opened) -> None:
    """views.update with the hash of an earlier state is refused."""
    view = opened()
    client.views_update(view_id=view["id"], view=modal(), hash=view["hash"])
    late = refusal(lambda: client.views_update(view_id=view["id"], view=modal(), hash=view["hash"]))
    assert late["error"] == "hash_conflict"


def test_a_closed_view_is_not_found(client: WebClient, opened: Opened, ana: PersonClient) -> None:
    """There is nothing to update after the person closed it."""
    view = opened()
    ana.close(view)
    assert refusal(lambda: client.views_update(view_id=view["id"], view=modal()))["error"] == "not_found"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"title": _plain("x" * 25)}, "/view/title/text"),
        ({"submit": _plain("x" * 25)}, "/view/submit/text"),
        ({"submit": None}, "/view"),
        ({"private_metadata": "x" * 3001}, "/view/private_metadata"),
        ({"callback_id": "x" * 256}, "/view/callback_id"),
        ({"blocks": [{"type": "divider"}] * 101}, "/view/blocks"),
        ({"blocks": []}, "/view/blocks"),
        ({"colour": "red"}, "/view"),
    ],
)
def test_views_beyond_slacks_limits_are_invalid(client: WebClient, changes: Body, pointer: str) -> None:
    """The refusal names the place by its JSON pointer."""
    answer = refusal(lambda: client.views_open(trigger_id="1.2.3", view=modal(**changes)))
    assert answer["error"] == "invalid_arguments"
    assert any(
        message.endswith(f"[json-pointer:{pointer}]") for message in answer["response_metadata"]["messages"]
    )
