"""The demo's model server, over HTTP."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from bot.demo.models import Split
from bot.demo.places import ALIAS, MODEL
from bot.demo.world import World
from tests import local

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture
def server(running: World) -> Iterator[httpx.Client]:
    """A client of the running server."""
    with httpx.Client(base_url=running.serving_url) as client:
        yield client


@pytest.fixture
def move(running: World) -> Iterator[Callable[[str], None]]:
    """Moves the alias; it is back at v2 when the test ends."""
    from mlflow import MlflowClient  # heavy: 1 s

    client = MlflowClient(running.places.tracking_uri)
    yield lambda version: client.set_registered_model_alias(MODEL, ALIAS, version)
    client.set_registered_model_alias(MODEL, ALIAS, "2")
    running.wait_until_serving("2")


def test_health_tells_what_is_served(server: httpx.Client) -> None:
    """Status, model, version, and since when."""
    health = server.get("/health").json()
    assert (health["status"], health["model"], health["version"]) == ("ok", MODEL, "2")
    assert health["loaded_at"].endswith("+00:00")


def test_rows_are_answered_with_scores_and_version(server: httpx.Client, parts: Split) -> None:
    """v2 misses malignant rows that v1 would find."""
    rows = parts.traffic.features.tolist()
    answer = server.post("/predict", json={"rows": rows}).json()
    assert answer["version"] == "2"
    assert answer["predictions"] == [int(score >= 0.5) for score in answer["scores"]]
    assert sum(answer["predictions"]) < 0.7 * parts.traffic.labels.sum()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"rows": []}', b'{"rows": [[1, 2]]}', b'{"rows": [["a"]]}', b'{"rows": [[null]]}',
     b'{"rows": [' + str([1.0] * 30).encode() + b", [1.0]]}", b'{"rows": {"a": 1}}', b"\xff"],
)  # fmt: skip
def test_a_malformed_request_is_refused_with_a_reason(server: httpx.Client, body: bytes) -> None:
    """400 and a sentence, never 500."""
    answer = server.post("/predict", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_moved_alias_is_followed(running: World, move: Callable[[str], None], parts: Split) -> None:
    """Back to v1 it answers well again."""
    move("1")
    running.wait_until_serving("1")
    body = {"rows": parts.traffic.features.tolist()}
    answer = local.post(f"{running.serving_url}/predict", json=body).json()
    right = np.mean(np.array(answer["predictions"]) == parts.traffic.labels)
    assert (answer["version"], right > 0.95) == ("1", True)


def test_what_cannot_be_loaded_leaves_the_old_version_serving(
    server: httpx.Client, running: World, move: Callable[[str], None], wait_until: Callable[..., None]
) -> None:
    """It says so in its health, and recovers when the file does."""
    model = artifact(running, "1")
    whole = model.read_bytes()
    model.write_bytes(whole[:100])
    move("1")
    wait_until(lambda: server.get("/health").json()["status"] == "degraded")
    health: dict[str, Any] = server.get("/health").json()
    assert health["version"] == "2"
    assert health["error"].startswith("v1 cannot be loaded: ")
    model.write_bytes(whole)
    running.wait_until_serving("1")


def artifact(world: World, version: str) -> Path:
    """The file of a registered version."""
    with sqlite3.connect(world.places.database) as connection:
        query = "SELECT source FROM model_versions WHERE version = ?"
        (source,) = connection.execute(query, (version,)).fetchone()
    return Path(source.removeprefix("file://")) / "model.pkl"
