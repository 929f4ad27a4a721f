"""Faults on request, and what the real client makes of them."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.workspace.person import PersonClient
from bot.workspace.running import Running
from tests import local

Tell = Callable[..., None]


@pytest.fixture
def tell(place: Running) -> Tell:
    """Asks for a fault of chat.postMessage."""

    def tell(kind: str, **more: Any) -> None:
        wish = {"method": "chat.postMessage", "kind": kind, **more}
        assert local.post(f"{place.url}/control/fault", json=wish).json() == {"ok": True}

    return tell


def calls(place: Running) -> list[tuple[str, int]]:
    """The recorded calls of chat.postMessage: error and status."""
    found = local.get(f"{place.url}/control/calls").json()
    return [(call["error"], call["status"]) for call in found if call["method"] == "chat.postMessage"]


def test_a_rate_limit_says_when_to_come_back(client: WebClient, channel: str, tell: Tell) -> None:
    """429 with Retry-After, once; then the call works."""
    tell("429", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=channel, text="x")
    assert caught.value.response.status_code == 429 and caught.value.response.headers["Retry-After"] == "7"
    assert client.chat_postMessage(channel=channel, text="x")["ok"]


def test_slacks_retry_handler_gets_through(
    client: WebClient, channel: str, tell: Tell, ana: PersonClient, place: Running
) -> None:
    """The real handler waits as told and posts once."""
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=2))
    tell("429", times=2, retry_after=0)
    client.chat_postMessage(channel=channel, text="through")
    assert [message["text"] for message in ana.messages("general")] == ["through"]
    assert [status for _, status in calls(place)] == [429, 429, 200]


@pytest.mark.parametrize(("kind", "posted"), [("500", 0), ("late_500", 1)])
def test_an_error_may_come_before_or_after_the_effect(
    client: WebClient, channel: str, tell: Tell, ana: PersonClient, kind: str, posted: int
) -> None:
    """late_500 is the cruel one: the message is there, the answer says it failed."""
    tell(kind)
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel=channel, text="x")
    assert len(ana.messages("general")) == posted


@pytest.mark.parametrize(("kind", "posted"), [("close", 0), ("late_close", 1)])
def test_a_connection_may_break(
    client: WebClient, channel: str, tell: Tell, ana: PersonClient, kind: str, posted: int
) -> None:
    """The client sees its connection end without an answer."""
    client.retry_handlers.clear()  # else the client tries again by itself
    tell(kind)
    with pytest.raises(OSError, match=r"closed|reset"):
        client.chat_postMessage(channel=channel, text="x")
    assert len(ana.messages("general")) == posted


def test_a_call_may_hang(place: Running, channel: str, tell: Tell) -> None:
    """Nothing comes back within the client's patience."""
    tell("hang", seconds=1.5)
    hasty = WebClient(token="xoxb-local", base_url=place.api_url, timeout=1)
    with pytest.raises(TimeoutError):
        hasty.chat_postMessage(channel=channel, text="x")


def test_slack_may_say_no_for_its_own_reasons(client: WebClient, channel: str, tell: Tell) -> None:
    """ok_false with any error code."""
    tell("ok_false", error="fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        client.chat_postMessage(channel=channel, text="x")


def test_faults_can_be_taken_back(client: WebClient, channel: str, tell: Tell, place: Running) -> None:
    """After DELETE everything works again."""
    tell("500", times=99)
    local.delete(f"{place.url}/control/fault")
    assert client.chat_postMessage(channel=channel, text="x")["ok"]


def test_an_unknown_fault_is_refused(place: Running) -> None:
    """The answer lists those that there are."""
    answer = local.post(f"{place.url}/control/fault", json={"kind": "flood"})
    assert answer.status_code == 400 and "late_500" in answer.json()["error"]
