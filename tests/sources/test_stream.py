"""What a serving process may push, over real HTTP: taken whole, or refused with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.http_door.listening import Listening
from bot.http_door.sources import SourcesDoor
from bot.sources import proofs, stream
from bot.sources.hearing import Hearing
from bot.sources.source import Source
from ops_core.clock import SystemClock
from ops_core.errors import Invalid
from ops_core.streams.counts import Counts
from tests.sources.hearsay import NOW

SECRET = "a secret of twenty letters"
LARGEST = 1_000


def counts(document: Any, **labels: str) -> list[Counts]:
    """What the parser makes of JSON."""
    return stream.parse(document, Hearing("them", NOW, labels, limit=3))


@dataclass
class Stand:
    """A door with one stream, and what was pushed."""

    address: str
    taken: list[Counts] = field(default_factory=list)

    def post(self, content: bytes, token: str = SECRET) -> httpx.Response:
        """Push a body."""
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.post(f"{self.address}/sources/serving", content=content, headers=headers)


@pytest.fixture
def stand() -> Iterator[Stand]:
    """It listens."""
    found = Stand("")

    def submit(_source: Source, told: Sequence[Any]) -> Future[Any]:
        done: Future[Any] = Future()
        found.taken.extend(told)
        done.set_result({"repeated": 1} if told[0].key == "again" else {})
        return done

    source = Source("serving", "stream", proofs.Token(SECRET.encode()), stream.parse, slow=True)
    with Listening(SourcesDoor({"serving": source}, submit, SystemClock(), LARGEST)) as listening:
        found.address = f"http://127.0.0.1:{listening.port}"
        yield found


def test_one_push_is_taken(stand: Stand) -> None:
    """With 202, as alerts are."""
    answer = stand.post(b'{"model": "churn", "predictions": 40, "errors": 3}')
    assert (answer.status_code, answer.json()) == (202, {"taken": 1})
    (one,) = stand.taken
    assert (one.model, one.predictions, one.errors) == ("churn", 40, 3)


def test_what_was_counted_before_is_said(stand: Stand) -> None:
    """So that who repeats it need not wonder."""
    answer = stand.post(b'{"model": "churn", "predictions": 40, "errors": 3, "key": "again"}')
    assert answer.json() == {"taken": 1, "repeated": 1}


def test_a_stranger_s_push_is_refused(stand: Stand) -> None:
    """By the token."""
    answer = stand.post(b'{"model": "churn", "predictions": 40, "errors": 3}', token="wrong")
    assert answer.status_code == 401 and stand.taken == []


def test_a_push_that_is_too_large_is_refused(stand: Stand) -> None:
    """By the limit of all sources."""
    assert stand.post(b" " * (LARGEST + 1)).status_code == 413


def test_what_is_wrong_is_said_with_its_place(stand: Stand) -> None:
    """And nothing beside it is taken."""
    fine, wrong = (
        '{"model": "churn", "predictions": 40, "errors": 3}',
        '{"model": "churn", "predictions": 4.5}',
    )
    answer = stand.post(f"[{fine}, {wrong}]".encode())
    assert answer.status_code == 400
    assert answer.json()["error"] == "counts[1].predictions must be a whole number; it is a number."
    assert stand.taken == []


def test_a_list_may_stand_alone_or_as_counts() -> None:
    """Each with its own place, time and version."""
    told = [{"model": "a", "predictions": 1, "errors": 0, "at": 1_772_452_800, "version": 7}]
    assert counts(told) == counts({"counts": told})
    assert counts(told) == [Counts("a", 1, 0, NOW, version="7", where="counts[0]")]
    assert datetime(2026, 3, 2, 12, tzinfo=UTC) == NOW


def test_outcomes_need_no_sums() -> None:
    """They are counted here; truth values will do."""
    assert counts({"model": "a", "outcomes": [0, 1, 1, False]}) == [Counts("a", 4, 2, NOW, (0, 1, 1, 0))]


def test_a_source_may_speak_of_one_model_alone() -> None:
    """Its label names it."""
    assert counts({"predictions": 1, "errors": 0}, model="churn")[0].model == "churn"
    with pytest.raises(Invalid, match=r"counts.model: this source speaks of churn alone"):
        counts({"model": "other", "predictions": 1, "errors": 0}, model="churn")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"model": None}, "counts.model must be the name of a model; it is missing"),
        ({"model": 5.5}, "counts.model must be text"),
        ({"model": "x" * 201}, "counts.model must be text of at most 200 characters"),
        ({"predictions": None}, "counts.predictions must be a whole number; it is missing"),
        ({"predictions": True}, "counts.predictions must be a whole number; it is a truth value"),
        ({"errors": "3"}, "counts.errors must be a whole number; it is text"),
        ({"at": "soon"}, "counts.at is no time"),
        ({"outcomes": 5}, "counts.outcomes must be a list"),
        ({"outcomes": [0, 2]}, r"counts.outcomes\[1\] must be 0 or 1"),
        ({"outcomes": [0, 1.0]}, r"counts.outcomes\[1\] must be 0 or 1"),
        ({"key": ["x"]}, "counts.key must be text"),
        ({"error": 5}, "counts.error is not known"),
    ],
)
def test_a_wrong_field_is_refused_by_name(wrong: dict[str, Any], said: str) -> None:
    """What is misspelled too: nothing is guessed."""
    with pytest.raises(Invalid, match=said):
        counts({"model": "churn", "predictions": 40, "errors": 3} | wrong)


@pytest.mark.parametrize("document", [5, None, "x", [5], {"counts": 5}, [{}] * 4])
def test_anything_else_is_refused(document: Any) -> None:
    """Whatever it is; and more than is taken at once."""
    with pytest.raises(Invalid):
        counts(document)
