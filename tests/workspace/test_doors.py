"""Who is let in: this machine's own page and clients, nobody whom a browser could be tricked into being."""

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect as open_socket

from bot.workspace.person import PersonClient, PersonError
from bot.workspace.running import Running, running
from bot.workspace.server import Workspace
from tests import local


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:{port}"}, 200),
        ({"Host": "evil.test"}, 403),
        ({"Origin": "http://127.0.0.1:{port}"}, 200),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "https://evil.test"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_only_loopback_names_and_the_own_page_are_let_in(
    place: Running, headers: dict[str, str], status: int
) -> None:
    """DNS rebinding and other sites' forms end at the door."""
    port = place.url.rpartition(":")[2]
    sent = {name: value.format(port=port) for name, value in headers.items()}
    assert local.post(f"{place.url}/api/auth.test", headers=sent).status_code == status


def test_the_feed_is_closed_to_other_sites(place: Running) -> None:
    """WebSockets know no same-origin rule of their own."""
    url = f"{place.url.replace('http', 'ws')}/person/feed?as=ana"
    with pytest.raises(InvalidStatus):
        open_socket(url, additional_headers={"Origin": "https://evil.test"})


def test_the_feed_brings_what_happens_in_order(place: Running, ana: PersonClient) -> None:
    """Everything since a number, each with a higher one."""
    since = ana.workspace()["seq"]
    ana.say("general", "one")
    with open_socket(f"{place.url.replace('http', 'ws')}/person/feed?as=ana&since={since}") as feed:
        first = feed.recv()
        ana.say("general", "two")
        second = feed.recv()
    assert '"one"' in str(first) and '"two"' in str(second)


def test_a_person_sees_only_their_own_direct_messages(ana: PersonClient, ben: PersonClient) -> None:
    """Neither in the list, nor in the feed."""
    with ana, ben:
        since = ben.workspace()["seq"]
        direct = ana.open_direct("chloe")
        ana.say(direct, "secret")
        assert direct not in [channel["id"] for channel in ben.workspace()["channels"]]
        assert ben.events(since, 0.05)["events"] == []


def test_unread_and_mentions_are_counted(ana: PersonClient, ben: PersonClient) -> None:
    """Until the person reads."""
    ana.say("general", "hello @ben")
    last = ana.say("general", "bye")
    general = next(c for c in ben.workspace()["channels"] if c["name"] == "general")
    assert (general["unread"], general["mentions"]) == (2, 1)
    ben.read("general", last)
    general = next(c for c in ben.workspace()["channels"] if c["name"] == "general")
    assert (general["unread"], general["mentions"]) == (0, 0)


def test_strangers_are_told_so(place: Running) -> None:
    """There is no person of that name."""
    with pytest.raises(PersonError, match="no person 'eve'"):
        PersonClient(place.url, "eve")


@pytest.mark.parametrize(
    ("manifest", "sentence"),
    [
        ({"features": {"slash_commands": [{"command": "ring", "description": "x"}]}}, "must start with /"),
        (
            {"features": {"slash_commands": [{"command": "/ring", "description": "x"}]}},
            "need the bot scope commands",
        ),
        (
            {"settings": {"event_subscriptions": {"bot_events": ["pin_added"]}}},
            "needs the bot scope pins:read",
        ),
        ({"settings": {"event_subscriptions": {"bot_events": ["pin_lost"]}}}, "event pin_lost is unknown"),
    ],
)
def test_a_manifest_that_slack_would_not_install_is_refused(
    manifest: dict[str, object], sentence: str
) -> None:
    """The sentence says what is wrong with it."""
    with pytest.raises(ValueError, match=sentence):
        Workspace(manifest)


def test_two_workspaces_know_nothing_of_each_other() -> None:
    """State belongs to the workspace, none to the module."""
    with running(Workspace({})) as one, running(Workspace({})) as two:
        PersonClient(one.url, "ana").say("general", "here")
        assert PersonClient(two.url, "ana").messages("general") == []
