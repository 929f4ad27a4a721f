"""Conversations in the workspace's page: people, channels, threads, commands, live."""

from collections.abc import Callable
from queue import Queue
from typing import Any

import pytest
from playwright.sync_api import Route, expect
from slack_sdk import WebClient

from bot.workspace.person import PersonClient

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]


def test_opens_as_somebody_in_a_channel(visit: Callable[..., Any], channel: str) -> None:
    """The address says who one acts as and where one is."""
    ana = visit(f"as=U0ANA0000&c={channel}")
    expect(ana.part("acting-as")).to_have_text("Acting as Ana Ruiz")
    expect(ana.part("channel-name")).to_have_text("general")


def test_a_message_appears_as_it_is_written(
    visit: Callable[..., Any], channel: str, ben: PersonClient
) -> None:
    """What Ben says comes without a reload, and markup in it stays text."""
    ana = visit(f"as=U0ANA0000&c={channel}")
    ben.say("general", "*look* <img src=x onerror=alert(1)>")
    shown = ana.message("look <img src=x onerror=alert(1)>")
    expect(shown.locator("b")).to_have_text("look")
    assert shown.locator("img").count() == 0


def test_a_message_that_comes_while_the_channel_is_read_is_not_lost(
    visit: Callable[..., Any], channel: str, ben: PersonClient
) -> None:
    """An answer that was made before the message and arrives after it does not hide it."""
    ana = visit(f"as=U0ANA0000&c={ben.channel('ml-ops')['channel']['id']}")
    with ana.page.expect_websocket(lambda feed: "as=U0ANA0000" in feed.url) as opened:
        ana.page.reload()
    feed, held = opened.value, Queue[Route]()
    ana.page.route(f"**/person/channels/{channel}?*", held.put)
    with ana.page.expect_request(f"**/person/channels/{channel}?*"):
        ana.page.locator(f"[data-channel-id={channel}]").click()
    route = held.get(timeout=5)
    answer = route.fetch()
    assert answer.json()["messages"] == []
    with feed.expect_event("framereceived", lambda frame: "in between" in frame):
        ben.say("general", "in between")
    route.fulfill(response=answer)
    expect(ana.message("in between")).to_be_visible()


def test_a_mention_elsewhere_shows_a_badge_until_it_is_read(
    visit: Callable[..., Any], channel: str, ben: PersonClient
) -> None:
    """A channel that is not open counts mentions; opening it takes the badge away."""
    ana = visit(f"as=U0ANA0000&c={ben.channel('ml-ops')['channel']['id']}")
    ben.say("general", "@ana please")
    line = ana.page.locator(f"[data-channel-id={channel}]")
    expect(line.get_by_test_id("mention-badge")).to_have_text("1")
    line.click()
    expect(line.get_by_test_id("mention-badge")).to_have_count(0)


def test_switching_the_person_keeps_the_channel(visit: Callable[..., Any], channel: str) -> None:
    """One human plays several people: what Ben then writes is Ben's."""
    ana = visit(f"as=U0ANA0000&c={channel}")
    ana.page.locator("[data-person-id=U0BEN0000]").click()
    expect(ana.part("acting-as")).to_have_text("Acting as Ben Okafor")
    ana.write("hello")
    expect(ana.message("hello").locator(".author")).to_have_text("Ben Okafor")


def test_a_thread_has_its_own_panel(visit: Callable[..., Any], channel: str, ben: PersonClient) -> None:
    """A reply is written in the panel and summed up beneath its message."""
    ts = ben.say("general", "what happened?")["ts"]
    ana = visit(f"as=U0ANA0000&c={channel}&thread={ts}")
    ana.part("thread-composer").fill("a drift")
    ana.page.keyboard.press("Enter")
    expect(ana.part("thread-messages").locator("article").last).to_contain_text("a drift")
    expect(ana.message("what happened?").get_by_test_id("thread-summary")).to_contain_text("1 reply")


def test_a_command_completes_and_its_failure_is_said(visit: Callable[..., Any], channel: str) -> None:
    """Typing / lists commands; without an app behind it the person is told, and the words are kept."""
    ana = visit(f"as=U0ANA0000&c={channel}")
    ana.part("composer").press_sequentially("/r")
    expect(ana.part("completion")).to_contain_text("Ring the bell")
    ana.page.keyboard.press("Tab")
    expect(ana.part("usage")).to_contain_text("[times]")
    ana.page.keyboard.press("Enter")
    expect(ana.part("toast")).to_contain_text("/ring failed")
    expect(ana.part("composer")).to_have_value("/ring")


def test_the_same_notice_is_not_shown_twice(visit: Callable[..., Any], channel: str) -> None:
    """A command that fails once more is told in the place of the first time."""
    ana = visit(f"as=U0ANA0000&c={channel}")
    ana.part("composer").fill("/ring")
    ana.part("composer-send").click()
    ana.part("toast").evaluate("node => { node.dataset.old = 'yes'; }")
    ana.part("composer-send").click()
    expect(ana.page.locator("[data-testid=toast]:not([data-old])")).to_be_visible()
    expect(ana.part("toast")).to_have_count(1)


def test_an_ephemeral_message_can_be_dismissed(
    visit: Callable[..., Any], channel: str, bell: WebClient
) -> None:
    """It says that nobody else sees it, and goes away when told to."""
    ana = visit(f"as=U0ANA0000&c={channel}")
    bell.chat_postEphemeral(channel=channel, user="U0ANA0000", text="psst")
    expect(ana.message("psst")).to_contain_text("Only visible to you")
    ana.part("dismiss").click()
    expect(ana.message("psst")).to_have_count(0)


def test_on_a_phone_the_sidebar_is_a_drawer(visit: Callable[..., Any], channel: str) -> None:
    """At 390 pixels nothing is wider than the screen, and channels are behind a button."""
    ana = visit(f"as=U0ANA0000&c={channel}", width=390)
    expect(ana.page.locator("#sidebar")).not_to_be_visible()
    ana.part("open-drawer").click()
    ana.page.locator("[data-channel-name=ml-ops]").click()
    expect(ana.part("channel-name")).to_have_text("ml-ops")
    assert ana.page.evaluate("() => document.documentElement.scrollWidth") == 390
