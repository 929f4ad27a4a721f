"""The workspace as a process of its own, and what tests can look at from outside."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from slack_sdk import WebClient

from bot.workspace.person import PersonClient
from bot.workspace.running import Running
from tests import local


def test_it_runs_as_a_process_and_prints_its_address(tmp_path: Path) -> None:
    """One line with the URL; people come from a file."""
    (tmp_path / "manifest.yml").write_text(yaml.safe_dump({"display_information": {"name": "Bell"}}))
    (tmp_path / "people.yml").write_text("[{name: eve, real_name: Eve Novak}]")
    files = ["--manifest", str(tmp_path / "manifest.yml"), "--people", str(tmp_path / "people.yml")]
    command = [sys.executable, "-m", "bot.workspace", *files]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            users = PersonClient(process.stdout.readline().strip(), "eve").workspace()["users"]
        finally:
            process.terminate()
    assert [user["real_name"] for user in users] == ["Eve Novak", "Bell"]


def test_a_wrong_manifest_ends_it_with_a_sentence(tmp_path: Path) -> None:
    """No stack trace: what is wrong, and in which file."""
    wrong: dict[str, Any] = {"settings": {"event_subscriptions": {"bot_events": ["nothing"]}}}
    manifest = tmp_path / "manifest.yml"
    manifest.write_text(yaml.safe_dump(wrong))
    command = [sys.executable, "-m", "bot.workspace", "--manifest", str(manifest)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1 and "event nothing is unknown" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_every_call_is_recorded_without_its_token(place: Running, client: WebClient, channel: str) -> None:
    """Method, arguments, outcome and time."""
    client.chat_postMessage(channel=channel, text="x")
    [call] = local.get(f"{place.url}/control/calls").json()
    assert (call["method"], call["ok"], call["status"], call["args"]["text"]) == (
        "chat.postMessage",
        True,
        200,
        "x",
    )
    assert "xoxb" not in str(call)


def test_the_transcript_holds_threads_beneath_their_parents(
    place: Running, client: WebClient, channel: str
) -> None:
    """All channels, all messages."""
    parent = client.chat_postMessage(channel=channel, text="card")["ts"]
    client.chat_postMessage(channel=channel, text="evidence", thread_ts=parent)
    channels = local.get(f"{place.url}/control/transcript").json()["channels"]
    [message] = next(c["messages"] for c in channels if c["id"] == channel)
    assert (message["text"], [reply["text"] for reply in message["replies"]]) == ("card", ["evidence"])
