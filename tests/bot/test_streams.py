"""Streams through the whole bot: from what a serving process pushes to a card in Slack."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlmodel import delete

from ops_core.errors import Unavailable
from ops_core.streams.usual import StreamUsual
from tests.ops_core.stand_ins import MODEL, FakeJudge
from tests.sources.monitors import free_port
from tests.wire import Json, Scene, said, scene, until

SECRET = "a secret of twenty letters"
TOKEN = {"Authorization": f"Bearer {SECRET}"}
FINE, BAD = [0] * 19 + [1], [1, 0, 0, 0, 0, 1, 0]
SECONDS = 2.0
"""How soon a jump of errors stands in Slack."""


class Serving:
    """A serving process that pushes, and the bot that hears it."""

    def __init__(self, stage: Scene, address: str) -> None:
        self.stage = stage
        self.address = address

    def push(self, outcomes: list[int], times: int = 10, key: str = "") -> Json:
        """The same outcomes so many times, with a key for all; the answer."""
        told = {"model": MODEL, "outcomes": outcomes * times} | ({"key": key} if key else {})
        answer = httpx.post(f"{self.address}/sources/serving", json=told, headers=TOKEN)
        assert answer.status_code == 202, answer.text
        found: Json = answer.json()
        return found

    def verdict(self) -> str:
        """What the check last said, in `/ops checks`."""
        rows = self.stage.tocsin.tools.board.checks(MODEL)
        return next((row["verdict"] for row in rows if "drift.stream" in row["name"]), "")

    def cards(self) -> list[Json]:
        """The cards that tell of the stream."""
        return [one for one in self.stage.ana.messages("ml-alerts") if "have been wrong since" in said(one)]


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    """One source of the kind stream."""
    (tmp_path / "token").write_text(SECRET)
    port = free_port()
    sources = {"serving": {"kind": "stream", "secret_file": "token"}}
    with scene(tmp_path, more={"http": {"port": port}, "sources": sources}) as stage:
        yield Serving(stage, f"http://127.0.0.1:{port}")


def test_a_jump_of_errors_is_a_card_within_two_seconds(serving: Serving) -> None:
    """Without a look by the clock, which comes every five minutes only."""
    serving.push(FINE, 50)
    until(lambda: serving.verdict() == "ok")
    begun = time.monotonic()
    serving.push(BAD, 40)
    until(serving.cards)
    assert time.monotonic() - begun < SECONDS
    assert serving.verdict() == "critical"


def test_a_restart_loses_nothing_and_says_nothing_twice(serving: Serving) -> None:
    """What was pushed before and after it is one stream; a push that is repeated counts once."""
    serving.push(FINE, 50)
    until(lambda: serving.verdict() == "ok")
    serving.push(BAD, 8, key="a")
    serving.stage.stop()
    serving.stage.start()
    assert serving.push(BAD, 8, key="a") == {"taken": 1, "repeated": 1}
    serving.push(BAD, 40)
    until(serving.cards)
    serving.push(BAD, 40)
    serving.stage.stop()
    serving.stage.start()
    until(lambda: serving.stage.tocsin.stream_loop.looks)
    assert len(serving.cards()) == 1


def test_what_is_pushed_before_the_reference_was_read_is_judged_then(serving: Serving) -> None:
    """The worker may be busy, or the reference away for a while."""
    judge = serving.stage.world.judge
    assert isinstance(judge, FakeJudge)
    serving.stage.stop()
    judge.broken = Unavailable("No files.")
    serving.stage.start()
    with serving.stage.tocsin.store.database.write() as session:
        session.exec(delete(StreamUsual))
    serving.push(FINE, 50)
    judge.broken = None
    serving.push(FINE, 50)
    until(lambda: serving.verdict() == "ok")


def test_what_cannot_be_is_refused_and_counted(serving: Serving) -> None:
    """With its place, by the whole bot."""
    told = {"model": "ghost", "predictions": 40, "errors": 3}
    answer = httpx.post(f"{serving.address}/sources/serving", json=told, headers=TOKEN)
    assert (answer.status_code, answer.json()["error"]) == (
        400,
        "counts.model: no model is called “ghost”.",
    )
    metrics = httpx.get(f"{serving.address}/metrics").text
    assert 'tocsin_source_requests_total{outcome="unreadable",source="serving"} 1.0' in metrics
