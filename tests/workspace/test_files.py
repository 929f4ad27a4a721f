"""Files go up in Slack's three steps and come down again."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace.person import PersonClient
from tests import local


def test_an_upload_is_shared_and_can_be_read(client: WebClient, ana: PersonClient, channel: str) -> None:
    """The real client's files_upload_v2 leaves a message with the file."""
    client.files_upload_v2(
        channel=channel, content="# Post-mortem", filename="inc-1.md", initial_comment="here"
    )
    message = ana.wait_message("general", "here")
    [file] = message["files"]
    answer = local.get(file["url_private"])
    assert answer.text == "# Post-mortem" and answer.headers["content-disposition"].startswith("attachment")
    assert message["subtype"] == "file_share" and message["user"] == "U0LOCALBOT"


def test_pictures_are_shown_in_place(client: WebClient, channel: str) -> None:
    """A PNG comes inline with its type."""
    answer = client.files_upload_v2(channel=channel, file=b"\x89PNG", filename="chart.png")
    picture = local.get(answer["file"]["url_private"])
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["content-disposition"].startswith("inline")


def test_a_wrong_length_is_refused(client: WebClient) -> None:
    """The announced number of bytes must come."""
    url = client.files_getUploadURLExternal(filename="a.txt", length=5)["upload_url"]
    assert local.post(url, content=b"four").status_code == 400
    assert local.post(url, content=b"fives").status_code == 200


def test_an_upload_is_completed_once(client: WebClient, channel: str) -> None:
    """Neither before its bytes came nor twice."""
    announced = client.files_getUploadURLExternal(filename="a.txt", length=1)
    files = [{"id": announced["file_id"], "title": "a"}]
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_completeUploadExternal(files=files, channel_id=channel)
    local.post(announced["upload_url"], content=b"1")
    client.files_completeUploadExternal(files=files, channel_id=channel)
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_completeUploadExternal(files=files, channel_id=channel)


def test_files_are_shared_only_where_the_bot_is(client: WebClient, ana: PersonClient) -> None:
    """not_in_channel elsewhere."""
    elsewhere = ana.channel("ml-ops")["channel"]["id"]
    with pytest.raises(SlackApiError, match="not_in_channel"):
        client.files_upload_v2(channel=elsewhere, content="x", filename="a.txt")


def test_a_picture_in_a_message_must_have_been_uploaded(client: WebClient, channel: str) -> None:
    """An image block may name an uploaded file, not one that is not there."""
    file = client.files_upload_v2(file=b"\x89PNG", filename="chart.png")["file"]["id"]

    def post(file_id: str) -> object:
        block = {"type": "image", "slack_file": {"id": file_id}, "alt_text": "a chart"}
        return client.chat_postMessage(channel=channel, text="chart", blocks=[block])

    assert post(file)
    with pytest.raises(SlackApiError, match="invalid slack file"):
        post("F404")
