"""The seven moments of the story, as a person sees them in the page; the pictures are kept in .artefacts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bot.demo.stage import Stage
from bot.demo.story import ALERTS, Story

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

ARTEFACTS = Path(__file__).resolve().parents[2] / ".artefacts"
LAPTOP, TALL, PHONE = (1280, 860), (1280, 1400), (390, 844)


class Camera:
    """Looks at a channel as somebody and keeps the picture."""

    def __init__(self, browser: Browser, story: Story, url: str) -> None:
        self.browser = browser
        self.story = story
        self.url = url

    def look(self, name: str, who: str, channel: str, size: tuple[int, int], theme: str = "light") -> Page:
        """The page, once it shows the channel; a script error on it fails the test."""
        page = self.browser.new_page(viewport={"width": size[0], "height": size[1]})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        known = {one["name"]: one["id"] for one in self.story.chloe.workspace()["channels"]}
        page.goto(f"{self.url}/?theme={theme}#as={who}&c={known[channel]}")
        page.locator("[data-ready]").wait_for()
        page.get_by_test_id("messages").locator("article.message").first.wait_for()
        page.wait_for_load_state("networkidle")
        ARTEFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTEFACTS / f"{name}-{theme}-{size[0]}.png")
        assert errors == []
        return page


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """World, workspace and bot, each a process of its own."""
    with Stage(tmp_path_factory.mktemp("stage"), 0) as stage:
        yield stage


def test_the_story_is_seen_in_the_page(browser: Browser, stage: Stage) -> None:
    """Each moment can be seen and used in the browser, light and dark, on a laptop and on a phone."""
    story = Story(stage.url, lambda _line: None)
    camera = Camera(browser, story, stage.url)
    story.detect()
    _sees(camera, "1-detect", "ana", ALERTS, "F1 is critical")
    story.notify()
    _sees(camera, "2-notify", "ana", ALERTS, "Acknowledged by")
    _opens_the_form(camera)
    story.declare()
    _sees(camera, "3-declare", "ben", story.room, "Take command")
    story.diagnose()
    _sees(camera, "4-diagnose", "ben", story.room, "Playbook: Performance degradation")
    story.resolve()
    _sees(camera, "5-resolve", "ana", story.room, "is back on v1, and it is proven")
    story.document()
    _sees(camera, "6-document", "ben", story.room, "Post-mortem draft of INC-1")
    story.summarise()
    _sees(camera, "7-summary", "chloe", ALERTS, "Daily summary")


def _sees(camera: Camera, name: str, who: str, channel: str, text: str) -> None:
    for size, theme in ((LAPTOP, "light"), (TALL, "dark"), (PHONE, "light")):
        page = camera.look(name, who, channel, size, theme)
        assert page.get_by_test_id("messages").get_by_text(text).count(), f"{name}: “{text}” is not seen"
        page.close()


def _opens_the_form(camera: Camera) -> None:
    """The button of the card opens the form, filled with what the alert knows."""
    page = camera.look("2-card", "ana", ALERTS, LAPTOP)
    page.locator("[data-action-id='alert.declare']").click()
    form = page.get_by_test_id("modal")
    form.wait_for()
    page.screenshot(path=ARTEFACTS / "3-form-light-1280.png")
    assert form.locator("input").first.input_value().startswith("breast-cancer: F1")
    page.get_by_test_id("modal-cancel").click()
    form.wait_for(state="detached")
    page.close()
