"""Who people are, as the local workspace tells it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from slack_sdk import WebClient

from bot import manifest
from bot.adapters.directory import Directory
from bot.workspace.core import Workspace
from bot.workspace.people import Person
from bot.workspace.running import running

BERLINER = Person("U0BERLIN0", "bea", "Bea Berlin", tz="Europe/Berlin")
ODD = Person("U0ODD0000", "odd", "Otto Odd", tz="Nowhere/None")


def test_a_person_s_zone_is_what_slack_says() -> None:
    """And none where it says nothing that is one, or does not know them."""
    with running(Workspace(manifest.values(), (BERLINER, ODD))) as place:
        directory = Directory(WebClient("xoxb-local", base_url=place.api_url))
        assert directory.zone(BERLINER.id) == ZoneInfo("Europe/Berlin")
        assert directory.zone(ODD.id) is None and directory.zone("U0NOBODY0") is None
        assert directory.name(BERLINER.id) == "Bea Berlin"
