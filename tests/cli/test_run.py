"""`tocsin run`: starts, says so, stops when told, and says in a sentence why it cannot start."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.workspace.person import PersonClient
from bot.workspace.running import Running
from tests.cli.commands import Tocsin, clean, command, write_config


@contextmanager
def started(config: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A bot that is connected; killed at the end, if it still runs."""
    args = command("run", "--config", config)
    with subprocess.Popen(args, env=clean(environment), stderr=subprocess.PIPE, text=True) as bot:
        assert bot.stderr
        try:
            log = next((line for line in bot.stderr if "ready" in line), "")
            assert log.rstrip().endswith("ready")
            yield bot
        finally:
            bot.kill()


def test_a_command_is_answered(config: Path, place: Running) -> None:
    """Once it says “ready”, people can use it."""
    with started(config), PersonClient(place.url, "ana") as ana:
        ana.command("/ops", "help", "general")
        assert ana.wait_message("general", "/ops")


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_told(config: Path, told: signal.Signals) -> None:
    """Both signals end it calmly."""
    with started(config) as bot:
        bot.send_signal(told)
        _, rest = bot.communicate(timeout=20)
        assert bot.returncode == 0 and "Traceback" not in rest


def test_the_environment_is_enough(place: Running, tmp_path: Path, tocsin: Tocsin) -> None:
    """No file is needed; a wrong token in the environment wins over a right one in the file."""
    write_config(tmp_path, place)
    answer = tocsin("run", SLACK_BOT_TOKEN="xoxb-wrong")
    assert "did not accept the bot token: invalid_auth" in answer.stderr


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-hunter2"}, "tocsin: Slack did not accept the bot token: invalid_auth."),
        (
            {"SLACK_APP_TOKEN": "xapp-hunter2"},
            "tocsin: Slack did not accept the app-level token: invalid_auth.",
        ),
        (
            {"TOCSIN_SLACK_BASE_URL": "http://127.0.0.1:9/"},
            "tocsin: Slack at http://127.0.0.1:9/ did not answer",
        ),
        (
            {"TOCSIN_DATABASE": "sqlite:////nowhere/x.db"},
            "unable to open database file",
        ),
        ({"TOCSIN_DATABASE": "hunter2"}, "tocsin: The address of the database cannot be read."),
        ({"TOCSIN_SLACK_MODE": "http"}, "tocsin: There is no signing secret, which HTTP mode needs."),
        ({"TOCSIN_LOG_LEVEL": "loud"}, "tocsin: TOCSIN_LOG_LEVEL is “loud”, which is no level."),
        ({"TOCSIN_HTTP_PORT": "many"}, "wrong: TOCSIN_HTTP_PORT: Input should be a valid integer"),
    ],
)
def test_what_prevents_a_start_is_a_sentence(
    config: Path, tocsin: Tocsin, environment: dict[str, str], sentence: str
) -> None:
    """Exit code 2, the reason and a hint; no traceback and no secret."""
    answer = tocsin("run", "--config", config, **environment)
    assert answer.returncode == 2 and sentence in answer.stderr
    assert "Traceback" not in answer.stderr and "hunter2" not in answer.stderr


def test_a_port_in_use_is_named(config: Path, tocsin: Tocsin) -> None:
    """The HTTP door says which port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = tocsin("run", "--config", config, TOCSIN_HTTP_PORT=str(port))
    assert answer.returncode == 2 and f"127.0.0.1:{port} cannot be listened on" in answer.stderr


@pytest.mark.parametrize("variable", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_a_missing_token_is_named(tocsin: Tocsin, variable: str) -> None:
    """Without a token the hint says which variable takes it."""
    tokens = {"SLACK_BOT_TOKEN": "xoxb-local", "SLACK_APP_TOKEN": "xapp-local"}
    del tokens[variable]
    answer = tocsin("run", **tokens)
    assert answer.returncode == 2 and variable in answer.stderr


def test_a_missing_file_is_named(tocsin: Tocsin) -> None:
    """A path that is not there is told, with the option that gives it."""
    answer = tocsin("run", "--config", "absent.yml")
    assert (
        answer.returncode == 2
        and "absent.yml cannot be read" in answer.stderr
        and "--config" in answer.stderr
    )
