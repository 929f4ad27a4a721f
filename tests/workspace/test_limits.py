"""Slack's rate limits, when a test asks that they be kept."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace.limits import Limits
from bot.workspace.running import Running
from tests import local


def test_a_burst_passes_and_then_one_a_second() -> None:
    """Each channel by itself; the wait is told in whole seconds."""
    moments = iter([0.0] * 8 + [1.0, 1.0])
    limits = Limits(at_once=3, now=lambda: next(moments))
    posts = [limits.wait("chat.postMessage", {"channel": "C1"}) for _ in range(5)]
    assert posts == [0, 0, 0, 1, 1]
    assert [limits.wait("chat.postMessage", {"channel": "C2"}) for _ in range(3)] == [0, 0, 0]
    assert [limits.wait("chat.postMessage", {"channel": "C1"}) for _ in range(2)] == [0, 1]


def test_tiers_count_by_the_minute_whatever_the_channel() -> None:
    """Half of a minute's calls may come at once."""
    limits = Limits(now=lambda: 0.0)
    waits = [limits.wait("chat.update", {"channel": f"C{count}"}) for count in range(26)]
    assert waits[:25] == [0] * 25 and waits[25] == 2
    assert Limits(tiers=False, now=lambda: 0.0).wait("pins.add", {}) == 0


def test_the_real_client_is_told_to_wait(client: WebClient, channel: str, place: Running) -> None:
    """As Slack does it; without limits again nothing is refused."""
    local.post(f"{place.url}/control/limits", json={"at_once": 1}).raise_for_status()
    client.chat_postMessage(channel=channel, text="x")
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=channel, text="x")
    assert caught.value.response.status_code == 429 and caught.value.response.headers["Retry-After"] == "1"
    local.delete(f"{place.url}/control/limits").raise_for_status()
    assert client.chat_postMessage(channel=channel, text="x")["ok"]


def test_limits_that_make_no_sense_are_refused(place: Running) -> None:
    """With what is wrong."""
    answer = local.post(f"{place.url}/control/limits", json={"at_once": 0})
    assert answer.status_code == 400 and "above 0" in answer.json()["error"]
