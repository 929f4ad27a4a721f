"""Block Kit, forms and files in the workspace's page: what is drawn, and what reaches the app."""

from collections.abc import Callable
from queue import Queue
from typing import Any

import pytest
from playwright.sync_api import expect
from slack_sdk import WebClient

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]


def plain(text: str) -> dict[str, str]:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def option(name: str) -> dict[str, Any]:
    """An option of a menu."""
    return {"text": plain(name.title()), "value": name}


MENU = {"type": "static_select", "action_id": "bell.size", "options": [option("small"), option("large")]}
BUTTON = {"type": "button", "action_id": "bell.stop", "text": plain("Stop"), "value": "7"}
ALL_BLOCKS: list[dict[str, Any]] = [
    {"type": "header", "text": plain("A header")},
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "*bold* <https://example.org|link> :bell:"},
        "accessory": MENU,
    },
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "_quiet_"}]},
    {"type": "divider"},
    {"type": "actions", "elements": [BUTTON, {"type": "datepicker", "action_id": "bell.day"}]},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [{"type": "text", "text": "rich", "style": {"bold": True}}],
            }
        ],
    },
    {"type": "markdown", "text": "**strong** and `code`"},
    {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": "Version"}], [{"type": "raw_text", "text": "v2"}]],
    },
]


def test_a_form_shows_its_errors_and_is_sent(
    visit: Callable[..., Any], channel: str, heard: Queue[dict[str, Any]]
) -> None:
    """What is missing is said by the page, what is wrong by the app; then the values arrive."""
    ana = visit(f"as=U0ANA0000&c={channel}")
    ana.write("/ring")
    ana.part("modal-submit").click()
    expect(ana.part("field-error")).to_have_count(2)
    ana.page.locator("[data-block-id=size]").get_by_test_id("select").click()
    ana.page.locator("[role=option][data-value=large]").click()
    ana.page.get_by_label("Why").fill("no reason")
    ana.part("modal-submit").click()
    expect(ana.part("field-error")).to_have_text("That is none.")
    ana.page.get_by_label("Why").fill("a fire")
    ana.page.keyboard.press("Enter")
    values = heard.get(timeout=5)["view"]["state"]["values"]
    assert (values["why"]["value"]["value"], values["size"]["value"]["selected_option"]["value"]) == (
        "a fire",
        "large",
    )
    expect(ana.part("modal")).to_have_count(0)


def test_buttons_and_menus_reach_the_app(
    visit: Callable[..., Any], channel: str, bell: WebClient, heard: Queue[dict[str, Any]]
) -> None:
    """A press carries the button's value, a menu the option that was chosen."""
    bell.chat_postMessage(channel=channel, text="blocks", blocks=ALL_BLOCKS)
    ana = visit(f"as=U0ANA0000&c={channel}")
    ana.page.locator("[data-action-id='bell.stop']").click()
    assert heard.get(timeout=5)["actions"][0]["value"] == "7"
    ana.page.locator("[data-action-id='bell.size']").click()
    ana.page.keyboard.type("lar")
    ana.page.keyboard.press("Enter")
    assert heard.get(timeout=5)["actions"][0]["selected_option"]["value"] == "large"


def test_every_block_is_drawn(visit: Callable[..., Any], channel: str, bell: WebClient) -> None:
    """No block of Block Kit that apps post is left out."""
    bell.chat_postMessage(channel=channel, text="blocks", blocks=ALL_BLOCKS)
    ana = visit(f"as=U0ANA0000&c={channel}")
    drawn = ana.part("messages").locator("[data-block-type]")
    expect(drawn).to_have_count(len(ALL_BLOCKS))
    expect(ana.part("messages")).not_to_contain_text("cannot be shown")


def test_a_page_among_the_files_is_shown_without_its_scripts(
    visit: Callable[..., Any], channel: str, bell: WebClient
) -> None:
    """An HTML file opens in a sandbox that runs nothing."""
    html = "<h1>Post-mortem</h1><script>document.body.textContent = 'ran'</script>"
    bell.files_upload_v2(channel=channel, content=html, filename="report.html", title="Report")
    ana = visit(f"as=U0ANA0000&c={channel}")
    ana.part("file-open").click()
    expect(ana.page.frame_locator("iframe.preview-page").locator("h1")).to_have_text("Post-mortem")


def test_lines_after_a_list_stay_lines(visit: Callable[..., Any], channel: str, bell: WebClient) -> None:
    """Two lines of words below a bullet are two lines."""
    bell.chat_postMessage(channel=channel, text="• an item\nfirst words\nlast words")
    words = visit(f"as=U0ANA0000&c={channel}").page.get_by_text("last words").last
    expect(words).to_be_visible()
    assert "first words\nlast words" in words.inner_text()
