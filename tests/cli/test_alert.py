"""`tocsin alert`, as a process of its own, against a real door."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.http_door.listening import Listening
from bot.http_door.sources import SourcesDoor
from bot.settings import Settings
from bot.sources.building import sources
from bot.sources.source import Source
from ops_core.alerts.heard import Heard
from ops_core.clock import SystemClock
from ops_core.errors import Unavailable
from ops_core.severity import Severity
from tests.cli.commands import Tocsin, clean, command

SECRET = "a secret of twenty letters"
JOBS = {"kind": "json", "secret_file": "token", "mapping": '{"summary": {{ payload.x }}}'}


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[list[Heard]]:
    """What a bot with this folder's settings was told."""
    (tmp_path / "token").write_text(SECRET)
    found: list[Heard] = []

    def submit(_source: Source, told: Sequence[Heard]) -> Future[Any]:
        done: Future[Any] = Future()
        if any(one.labels["alertname"] == "unkept" for one in told):
            done.set_exception(Unavailable("The disk is full."))
        else:
            found.extend(told)
            done.set_result(None)
        return done

    values = {"sources": {"shell": {"kind": "json", "secret_file": "token"}, "jobs": JOBS}}
    settings = Settings.model_validate(values | {"http": {"port": 1}})
    door = SourcesDoor(sources(settings, tmp_path, lambda _address: b"", {}), submit, SystemClock(), 100_000)
    with Listening(door) as listening:
        (tmp_path / "tocsin.yml").write_text(yaml.safe_dump(values | {"http": {"port": listening.port}}))
        yield found


def test_an_alert_is_told_to_the_bot_of_this_folder(tocsin: Tocsin, heard: list[Heard]) -> None:
    """By its settings: port, source and secret."""
    done = tocsin("alert", "alertname=disk_full", "host=db1", "--severity", "high", "--summary", "92 %")
    assert (done.returncode, done.stdout) == (0, "taken: 1\n")
    (found,) = heard
    assert found.labels == {"alertname": "disk_full", "host": "db1"}
    assert (found.severity, found.annotations, found.ends_at) == (Severity.P1, {"summary": "92 %"}, None)


def test_it_can_be_over_or_end_by_itself(tocsin: Tocsin, heard: list[Heard]) -> None:
    """At once, or after a span."""
    assert tocsin("alert", "alertname=a", "--resolved").returncode == 0
    assert tocsin("alert", "alertname=a", "--for", "2h").returncode == 0
    over, later = heard
    assert over.ends_at == over.starts_at
    assert later.ends_at is not None and 7_000 < (later.ends_at - later.starts_at).total_seconds() < 7_300


def test_json_comes_by_stdin(heard: list[Heard], tmp_path: Path) -> None:
    """As many alerts as it holds."""
    done = subprocess.run(
        command("alert", "-"),
        cwd=tmp_path,
        env=clean({}),
        input=b'[{"summary": "a"}, {"summary": "b"}]',
        check=False,
    )
    assert done.returncode == 0 and len(heard) == 2


def test_what_is_refused_is_said_with_exit_code_2(tocsin: Tocsin, heard: list[Heard]) -> None:
    """As the bot says it."""
    done = tocsin("alert", "alertname=a", "--severity", "odd")
    assert done.returncode == 2 and "severity is no severity" in done.stderr and not heard


def test_a_bot_that_does_not_answer_is_worth_another_try(tocsin: Tocsin, tmp_path: Path) -> None:
    """Exit code 1; the address comes from a variable here."""
    done = tocsin("alert", "alertname=a", TOCSIN_ALERT_URL="http://127.0.0.1:9/sources/shell")
    assert done.returncode == 1 and "did not answer" in done.stderr


def test_a_bot_that_cannot_keep_it_is_worth_another_try(tocsin: Tocsin, heard: list[Heard]) -> None:
    """Exit code 1, with the bot's own reason."""
    done = tocsin("alert", "alertname=unkept")
    assert done.returncode == 1 and "cannot take it now: The disk is full." in done.stderr and not heard


def test_a_wrong_token_is_refused(tocsin: Tocsin, heard: list[Heard], tmp_path: Path) -> None:
    """With the address of the settings, and somebody else's token."""
    port = yaml.safe_load((tmp_path / "tocsin.yml").read_text())["http"]["port"]
    place = f"http://127.0.0.1:{port}/sources/shell"
    done = tocsin("alert", "alertname=a", TOCSIN_ALERT_URL=place, TOCSIN_ALERT_TOKEN="wrong")
    assert done.returncode == 2 and "token or signature is wrong" in done.stderr and not heard


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (["disk"], "is no label"),
        (["=x"], "is no label"),
        (["a=b", "--for", "soon"], "--for soon"),
        (["a=b", "--source", "jobs"], "no such source of our own JSON"),
    ],
)
def test_what_was_typed_wrongly_is_said(
    tocsin: Tocsin, heard: list[Heard], args: list[str], complaint: str
) -> None:
    """Before anything is sent."""
    done = tocsin("alert", *args)
    assert done.returncode == 2 and complaint in done.stderr and not heard
