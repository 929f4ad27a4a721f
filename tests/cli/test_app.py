"""What the command line offers, and how little it costs to ask."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from bot import manifest
from tests.cli.commands import Tocsin


def test_the_version_is_the_packages(tocsin: Tocsin) -> None:
    """One line."""
    assert tocsin("--version").stdout == f"tocsin {version('tocsin')}\n"


@pytest.mark.parametrize("name", ["run", "check", "doctor", "manifest", "demo"])
def test_every_command_explains_itself(tocsin: Tocsin, name: str) -> None:
    """It is listed, and its own help has a sentence."""
    assert f"\n  {name} " in tocsin("--help").stdout
    assert tocsin(name, "--help").stdout.startswith(f"Usage: tocsin {name}")


def test_nothing_typed_is_help(tocsin: Tocsin) -> None:
    """`tocsin` alone shows what there is."""
    answer = tocsin()
    assert "Commands:" in answer.stdout + answer.stderr


def test_a_mistyped_command_is_refused(tocsin: Tocsin) -> None:
    """With exit code 2 and the name that was typed."""
    answer = tocsin("docter")
    assert answer.returncode == 2 and "docter" in answer.stderr


def test_importing_the_command_line_is_cheap() -> None:
    """What a sub-command needs is imported by the sub-command."""
    heavy = {"slack_sdk", "slack_bolt", "sqlalchemy", "pydantic", "yaml", "numpy", "mlflow", "rich", "httpx"}
    asked = f"import bot.cli, sys; print(*{heavy} & sys.modules.keys())"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []


def test_judging_takes_nothing_that_only_slack_needs() -> None:
    """`tocsin check` starts in half the time; cron jobs start it often."""
    heavy = {"slack_sdk", "slack_bolt", "handlers", "mlflow", "uvicorn", "matplotlib", "pandas", "sqlalchemy"}
    asked = f"import bot.cli.check, sys; print(*{heavy} & sys.modules.keys())"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []


def test_the_bot_takes_nothing_that_only_its_worker_needs() -> None:
    """Nor what it needs now and then: it runs for months, and is started again when it was killed."""
    heavy = {"numpy", "scipy", "pyarrow", "mlflow", "matplotlib", "pandas", "httpx", "starlette", "uvicorn"}
    asked = f"import bot.cli.run, sys; print(*{heavy} & sys.modules.keys())"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []


def test_the_manifest_is_the_file(tocsin: Tocsin) -> None:
    """For Socket Mode it is printed as it stands, comments too."""
    root = Path(manifest.__file__).parents[1] / "manifest.yml"
    assert tocsin("manifest").stdout.strip() == root.read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("url", ["https://t.example.com", "https://t.example.com/slack/events/"])
def test_the_manifest_for_http_names_the_address_everywhere(tocsin: Tocsin, url: str) -> None:
    """Commands, events and buttons go to the same place, and Socket Mode is off."""
    made = yaml.safe_load(tocsin("manifest", "--http", url).stdout)
    settings = made["settings"]
    urls = {each["url"] for each in made["features"]["slash_commands"]}
    urls |= {settings["event_subscriptions"]["request_url"], settings["interactivity"]["request_url"]}
    assert urls == {"https://t.example.com/slack/events"} and settings["socket_mode_enabled"] is False


@pytest.mark.parametrize("url", ["http://t.example.com", "t.example.com", "https://"])
def test_an_address_that_slack_cannot_call_is_refused(tocsin: Tocsin, url: str) -> None:
    """Slack calls public https addresses only."""
    answer = tocsin("manifest", "--http", url)
    assert answer.returncode == 2 and "no address that Slack can call" in answer.stderr
