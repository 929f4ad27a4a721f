"""The Web API answers as Slack does, refusals first, to the unmodified client."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace.person import PersonClient
from bot.workspace.running import Running, running
from bot.workspace.scopes import SCOPES
from bot.workspace.server import Workspace
from bot.workspace.webapi import METHODS
from tests import local

Body = dict[str, Any]


def error(call: Callable[[], object]) -> str:
    """Slack's error code of a call that fails."""
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


def test_every_method_has_its_scopes_listed() -> None:
    """The table of scopes and the list of methods name the same methods."""
    assert METHODS.keys() == SCOPES.keys()


def test_auth_test_tells_who_the_bot_is(client: WebClient) -> None:
    """The ids are those of the workspace."""
    answer = client.auth_test()
    assert [answer[key] for key in ("user_id", "bot_id", "user")] == ["U0LOCALBOT", "B0LOCAL01", "bell"]


@pytest.mark.parametrize(
    ("token", "code"),
    [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("xapp-local", "not_allowed_token_type")],
)
def test_wrong_tokens_are_refused(place: Running, token: str, code: str) -> None:
    """No token, an unknown one, and the app's token where the bot's belongs."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = local.post(f"{place.api_url}users.list", headers=headers).json()
    assert answer == {"ok": False, "error": code}


def test_an_unknown_method_is_named(client: WebClient) -> None:
    """unknown_method comes with the method's name."""
    with pytest.raises(SlackApiError) as caught:
        client.api_call("chat.shout")
    assert caught.value.response["req_method"] == "chat.shout"


def test_a_missing_scope_says_what_is_needed() -> None:
    """The refusal names the scope, and those that the manifest grants."""
    manifest = {"oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    with running(Workspace(manifest)) as place:
        client = WebClient(token="xoxb-local", base_url=place.api_url)
        with pytest.raises(SlackApiError) as caught:
            client.conversations_create(name="inc-1")
    answer = caught.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "channels:manage",
        "chat:write",
    )


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "invalid_name_required"),
        ("Inc-1", "invalid_name_specials"),
        ("inc 1", "invalid_name_specials"),
        ("inc.1", "invalid_name_specials"),
        ("---", "invalid_name_punctuation"),
        ("x" * 81, "invalid_name_maxlength"),
        ("general", "name_taken"),
    ],
)
def test_channel_names_follow_slacks_rules(client: WebClient, name: str, code: str) -> None:
    """Each broken rule has its own code."""
    assert error(lambda: client.conversations_create(name=name)) == code


def test_a_channel_lives_from_creation_to_archive(client: WebClient, ana: PersonClient) -> None:
    """Create, invite, topic, rename and archive are seen by people and reported by info."""
    channel = client.conversations_create(name="inc-1")["channel"]["id"]
    client.conversations_invite(channel=channel, users=ana.id)
    client.conversations_setTopic(channel=channel, topic="P1")
    client.conversations_rename(channel=channel, name="inc-1-drift")
    client.conversations_archive(channel=channel)
    info = client.conversations_info(channel=channel)["channel"]
    assert (info["name"], info["topic"]["value"], info["is_archived"]) == ("inc-1-drift", "P1", True)
    kinds = [message["subtype"] for message in ana.messages("inc-1-drift")]
    assert kinds == ["channel_join", "channel_join", "channel_topic", "channel_name", "channel_archive"]
    assert error(lambda: client.chat_postMessage(channel=channel, text="late")) == "is_archived"


def test_invitations_that_cannot_be_are_refused(client: WebClient, ana: PersonClient, channel: str) -> None:
    """Members, strangers and the bot itself."""

    def code(user: str) -> str:
        return error(lambda: client.conversations_invite(channel=channel, users=user))

    assert code(ana.id) == "already_in_channel"
    assert [code("U404"), code("U0LOCALBOT")] == ["user_not_found", "cant_invite_self"]


def test_posting_needs_membership(client: WebClient) -> None:
    """Without chat:write.public the bot must join first."""
    assert error(lambda: client.chat_postMessage(channel="#ml-ops", text="hello")) == "not_in_channel"
    found = client.conversations_list()["channels"]
    client.conversations_join(channel=next(c["id"] for c in found if c["name"] == "ml-ops"))
    assert client.chat_postMessage(channel="#ml-ops", text="hello")["ok"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "thread_ts": "soon"}, "invalid_thread_ts"),
        ({"text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"text": "x", "channel": "C404"}, "channel_not_found"),
        ({"text": "x", "metadata": {"event_type": "t"}}, "invalid_metadata_format"),
        ({"text": "x", "blocks": "not json"}, "invalid_blocks_format"),
    ],
)
def test_messages_that_slack_refuses(client: WebClient, channel: str, arguments: Body, code: str) -> None:
    """Each with Slack's code."""
    assert error(lambda: client.api_call("chat.postMessage", json={"channel": channel, **arguments})) == code


def test_only_its_own_messages_can_be_edited(client: WebClient, ana: PersonClient, channel: str) -> None:
    """Neither others' messages nor those that are not there."""
    ts = ana.say("general", "mine")["ts"]
    assert error(lambda: client.chat_update(channel=channel, ts=ts, text="x")) == "cant_update_message"
    assert error(lambda: client.chat_delete(channel=channel, ts=ts)) == "cant_delete_message"
    assert error(lambda: client.chat_update(channel=channel, ts="1.000001", text="x")) == "message_not_found"


def test_threads_count_their_replies(client: WebClient, ana: PersonClient, channel: str) -> None:
    """The parent knows how many there are, by whom, and the latest."""
    parent = client.chat_postMessage(channel=channel, text="card")["ts"]
    client.chat_postMessage(channel=channel, text="one", thread_ts=parent)
    last = client.chat_postMessage(channel=channel, text="two", thread_ts=parent, reply_broadcast=True)["ts"]
    found = ana.wait_message("general", lambda message: message["ts"] == parent)
    assert (found["reply_count"], found["latest_reply"]) == (2, last)
    texts = [
        message["text"] for message in client.conversations_replies(channel=channel, ts=parent)["messages"]
    ]
    assert texts == ["card", "one", "two"]
    assert [m["text"] for m in ana.messages("general")] == ["card", "two"]


def test_history_pages_newest_first_with_metadata_on_request(client: WebClient, channel: str) -> None:
    """Cursors lead through everything; metadata only comes when asked for."""
    for number in range(5):
        metadata = {"event_type": "tocsin", "event_payload": {"outbox_id": number}}
        client.chat_postMessage(channel=channel, text=str(number), metadata=metadata)
    pages = client.conversations_history(channel=channel, limit=2, include_all_metadata=True)
    found = [[m["metadata"]["event_payload"]["outbox_id"] for m in page["messages"]] for page in pages]
    assert found == [[4, 3], [2, 1], [0]]
    assert "metadata" not in client.conversations_history(channel=channel)["messages"][0]


def test_messages_that_come_between_two_pages_do_not_shift_them(client: WebClient, channel: str) -> None:
    """The cursor names a moment, not a position."""
    for number in range(4):
        client.chat_postMessage(channel=channel, text=str(number))
    first = client.conversations_history(channel=channel, limit=2)
    client.chat_postMessage(channel=channel, text="late")
    cursor = first["response_metadata"]["next_cursor"]
    second = client.conversations_history(channel=channel, limit=2, cursor=cursor)
    assert [message["text"] for message in second["messages"]] == ["1", "0"]


def test_history_is_bounded_by_oldest_and_latest(client: WebClient, channel: str) -> None:
    """Both ends are left out unless `inclusive` is set."""
    ts = [client.chat_postMessage(channel=channel, text=str(number))["ts"] for number in range(3)]
    bounds = {"channel": channel, "oldest": ts[0], "latest": ts[2]}
    between = client.conversations_history(**bounds)["messages"]
    around = client.conversations_history(**bounds, inclusive=True)["messages"]
    assert [len(between), len(around)] == [1, 3]


def test_marks_are_made_once(client: WebClient, channel: str) -> None:
    """A second pin or reaction is refused, and so is taking away what is not there."""
    ts = client.chat_postMessage(channel=channel, text="card")["ts"]
    client.pins_add(channel=channel, timestamp=ts)
    client.reactions_add(channel=channel, timestamp=ts, name="eyes")
    assert error(lambda: client.pins_add(channel=channel, timestamp=ts)) == "already_pinned"
    assert (
        error(lambda: client.reactions_add(channel=channel, timestamp=ts, name="eyes")) == "already_reacted"
    )
    client.pins_remove(channel=channel, timestamp=ts)
    assert error(lambda: client.pins_remove(channel=channel, timestamp=ts)) == "no_pin"
    assert error(lambda: client.pins_add(channel=channel, timestamp="1.000001")) == "message_not_found"


def test_bookmarks_are_added_edited_and_removed(client: WebClient, ana: PersonClient, channel: str) -> None:
    """People see them in the channel."""
    added = client.bookmarks_add(
        channel_id=channel, title="Runbook", type="link", link="https://example.test"
    )
    bookmark = added["bookmark"]["id"]
    client.bookmarks_edit(channel_id=channel, bookmark_id=bookmark, title="The runbook")
    assert ana.channel("general")["bookmarks"][0]["title"] == "The runbook"
    client.bookmarks_remove(channel_id=channel, bookmark_id=bookmark)
    assert client.bookmarks_list(channel_id=channel)["bookmarks"] == []


def test_people_are_found_by_id_and_address(client: WebClient, ana: PersonClient) -> None:
    """users.info, lookupByEmail and the user groups."""
    user = client.users_lookupByEmail(email="ana@example.test")["user"]
    assert user == client.users_info(user=ana.id)["user"] and user["real_name"] == "Ana Ruiz"
    assert error(lambda: client.users_lookupByEmail(email="x@example.test")) == "users_not_found"
    group = client.usergroups_list()["usergroups"][0]
    assert client.usergroups_users_list(usergroup=group["id"])["users"] == [ana.id]


def test_a_direct_message_is_opened_by_posting_to_a_person(
    client: WebClient, ana: PersonClient, ben: PersonClient
) -> None:
    """It is between the two; nobody else sees it."""
    channel = client.chat_postMessage(channel=ana.id, text="psst")["channel"]
    assert channel == client.conversations_open(users=ana.id)["channel"]["id"]
    assert ana.messages(channel)[0]["text"] == "psst"
    assert ben.channel(channel)["error"] == "channel_not_found"


def test_ephemeral_messages_need_a_member(client: WebClient, ana: PersonClient, channel: str) -> None:
    """A person who left does not get one; the one who got it can dismiss it."""
    client.chat_postEphemeral(channel=channel, user=ana.id, text="only you")
    ana.dismiss(ana.wait_message("general", "only you"))
    assert ana.messages("general") == []
    ana.leave("general")
    refused = error(lambda: client.chat_postEphemeral(channel=channel, user=ana.id, text="only you"))
    assert refused == "user_not_in_channel"


def test_text_alone_takes_the_blocks_of_a_message_away(client: WebClient, channel: str) -> None:
    """As Slack documents chat.update."""
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*card*"}}]
    ts = client.chat_postMessage(channel=channel, text="card", blocks=blocks)["ts"]
    kept = client.api_call("chat.update", json={"channel": channel, "ts": ts, "blocks": blocks})["message"]
    bare = client.chat_update(channel=channel, ts=ts, text="text")["message"]
    assert "blocks" in kept and "blocks" not in bare


def test_timestamps_strictly_increase(client: WebClient, channel: str) -> None:
    """No two messages share one."""
    ts = [client.chat_postMessage(channel=channel, text="x")["ts"] for _ in range(20)]
    assert ts == sorted(set(ts))
