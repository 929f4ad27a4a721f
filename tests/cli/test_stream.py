"""`tocsin stream`, as a process of its own, against a real door."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.http_door.listening import Listening
from bot.http_door.sources import SourcesDoor
from bot.settings import Settings
from bot.sources.building import sources
from bot.sources.source import Source
from ops_core.clock import SystemClock
from ops_core.streams.counts import Counts
from tests.cli.commands import Tocsin, clean, command

SECRET = "a secret of twenty letters"


@pytest.fixture
def taken(tmp_path: Path) -> Iterator[list[Counts]]:
    """What a bot with this folder's settings was told."""
    (tmp_path / "token").write_text(SECRET)
    found: list[Counts] = []

    def submit(_source: Source, told: Sequence[Any]) -> Future[Any]:
        done: Future[Any] = Future()
        again = any(one.key and one.key == each.key for one in told for each in found)
        found.extend(told)
        done.set_result({"repeated": 1} if again else {})
        return done

    values = {"sources": {"serving": {"kind": "stream", "secret_file": "token"}}}
    settings = Settings.model_validate(values | {"http": {"port": 1}})
    door = SourcesDoor(sources(settings, tmp_path, lambda _address: b"", {}), submit, SystemClock(), 100_000)
    with Listening(door) as listening:
        (tmp_path / "tocsin.yml").write_text(yaml.safe_dump(values | {"http": {"port": listening.port}}))
        yield found


def test_errors_are_told_to_the_bot_of_this_folder(tocsin: Tocsin, taken: list[Counts]) -> None:
    """By its settings: port, source and secret."""
    done = tocsin(
        "stream", "churn", "--errors", 3, "--of", 40, "--version", 7, "--at", "2026-11-20T12:00:00Z"
    )
    assert (done.returncode, done.stdout) == (0, "taken: 1\n")
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert taken == [Counts("churn", 40, 3, at, version="7")]


def test_a_key_that_was_counted_before_is_said(tocsin: Tocsin, taken: list[Counts]) -> None:
    """A job that runs again need not fail."""
    told = ("stream", "churn", "--errors", "3", "--of", "40", "--key", "monday")
    assert tocsin(*told).stdout == "taken: 1\n"
    assert tocsin(*told).stdout == "taken: 1, 1 of them counted before\n"


def test_json_comes_by_stdin(taken: list[Counts], tmp_path: Path) -> None:
    """With the outcomes in order."""
    told = b'{"model": "churn", "outcomes": [0, 1]}'
    done = subprocess.run(command("stream", "-"), cwd=tmp_path, env=clean({}), input=told, check=False)
    assert done.returncode == 0 and taken[0].outcomes == (0, 1)


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (["churn", "--errors", "3"], "Say how many answers were wrong, of how many"),
        (["churn", "--errors", "3", "--of", "40", "--at", "soon"], "counts.at is no time"),
        (["churn", "--errors", "3", "--of", "40", "--source", "x"], "no such source of the kind stream"),
    ],
)
def test_what_was_typed_wrongly_is_said(
    tocsin: Tocsin, taken: list[Counts], args: list[str], complaint: str
) -> None:
    """With exit code 2."""
    done = tocsin("stream", *args)
    assert done.returncode == 2 and complaint in done.stderr and not taken


def test_a_bot_that_does_not_answer_is_worth_another_try(tocsin: Tocsin) -> None:
    """Exit code 1; the address comes from a variable here."""
    told = ("stream", "churn", "--errors", "3", "--of", "40")
    done = tocsin(*told, TOCSIN_STREAM_URL="http://127.0.0.1:9/sources/serving")
    assert done.returncode == 1 and "did not answer" in done.stderr
