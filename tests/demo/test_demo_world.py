"""The demo's world: it starts whole, its traffic is recorded, and nothing of it outlives us."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.adapters.mlflow_registry import read_live, read_versions
from bot.demo.places import ALIAS, MODEL, Places
from bot.demo.world import World
from ops_core.errors import Unavailable

pytestmark = pytest.mark.xdist_group("demo")

Wait = Callable[[Callable[[], bool]], None]


def test_both_versions_are_registered_and_the_second_is_live(places: Places) -> None:
    """Told by the registry adapter itself, with metrics that look alike."""
    uris = places.tracking_uri, places.tracking_uri
    two, one = read_versions(uris, MODEL)
    assert read_live(uris, MODEL, ALIAS) == two
    assert set(one.metrics) == {"accuracy", "f1", "precision", "recall", "auc"}
    assert two.metrics["auc"] >= one.metrics["auc"]
    assert "nanometres" in two.tags["training_data"]


def test_traffic_and_its_late_labels_are_recorded(places: Places, wait_until: Wait) -> None:
    """Labels come, and never more of them than answers."""
    wait_until(lambda: live_rows(places.labels) >= 200)
    assert live_rows(places.labels) <= live_rows(places.predictions)


def test_the_world_is_described(running: World) -> None:
    """Addresses, and when which version got the alias: v1 a day before v2."""
    told = json.loads(running.places.world.read_text())
    first, second = told["aliases"]
    assert (first["version"], second["version"]) == ("1", "2")
    span = datetime.fromisoformat(second["at"]) - datetime.fromisoformat(first["at"])
    assert timedelta(hours=24) < span < timedelta(hours=24, minutes=2)
    assert told["serving_url"] == running.serving_url


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Unavailable]:
    """A world that could not start, because the empty registry that it kept is broken."""
    folder = tmp_path_factory.mktemp("failed")
    (folder / f"empty-mlflow-{version('mlflow-skinny')}.db").write_text("no database" * 1000)
    (folder / "bot.db").write_text("somebody else's")
    world = World(folder)
    with pytest.raises(Unavailable) as caught:
        world.start()
    return world, caught.value


def test_a_failed_start_says_why(failed: tuple[World, Unavailable]) -> None:
    """The end of the log is in the message."""
    assert "file is not a database" in failed[1].message


def test_a_failed_start_leaves_nothing_running(failed: tuple[World, Unavailable]) -> None:
    """The server had been started already."""
    assert failed[0].processes == {}


def test_other_files_in_the_folder_are_left_alone(failed: tuple[World, Unavailable]) -> None:
    """A fresh world clears away its own files only."""
    assert (failed[0].places.folder / "bot.db").read_text() == "somebody else's"


PARENT = """
import sys
from pathlib import Path
from bot.demo.world import World
world = World(Path(sys.argv[1]))
world.start_server()
print(world.processes["server"], flush=True)
sys.stdin.read()
"""


def test_children_die_with_a_parent_that_is_killed(tmp_path: Path, wait_until: Wait) -> None:
    """`kill -9` of the demo leaves no server behind."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    wait_until(lambda: not Path(f"/proc/{child}").exists())


def live_rows(folder: Path) -> int:
    """How many rows the running traffic has recorded in `folder`."""
    from pyarrow import dataset  # heavy: 0.2 s

    ids = dataset.dataset(sorted(folder.glob("*.parquet"))).to_table(["request_id"])["request_id"]
    return sum(each.startswith("live") for each in ids.to_pylist())
