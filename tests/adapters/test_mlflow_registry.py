"""The MLflow adapter against a real registry in SQLite."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.mlflow_registry import MlflowRegistry
from bot.worker import Worker
from ops_core.errors import Conflict, Invalid, NotFound, Unavailable
from ops_core.registry import Registry

pytestmark = pytest.mark.xdist_group("mlflow")


@dataclass
class Filled:
    """A registry with a model of two versions, `champion` on the first, and MLflow's own client."""

    registry: Registry
    client: Any
    file: Path


@pytest.fixture(scope="session")
def worker() -> Iterator[Worker]:
    """One child for all tests: importing MLflow takes a second."""
    with Worker(memory_mb=1024) as made:
        yield made


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry's file, made once: creating its tables takes two seconds."""
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    from mlflow import MlflowClient  # heavy: 1 s

    file = tmp_path_factory.mktemp("registry") / "mlflow.db"
    client = MlflowClient(f"sqlite:///{file}")
    experiment = client.create_experiment("e", file.parent.as_uri())
    client.create_registered_model("breast-cancer")
    for f1 in (0.97, 0.71):
        run = client.create_run(experiment).info.run_id
        client.log_metric(run, "f1", f1)
        source, tags = f"{file.parent}/{run}", {"team": "risk"}
        client.create_model_version("breast-cancer", source, run, tags=tags, description="A try.")
    client.set_registered_model_alias("breast-cancer", "champion", "1")
    return file


@pytest.fixture
def filled(original: Path, tmp_path: Path, worker: Worker) -> Filled:
    """A copy of it for one test."""
    from mlflow import MlflowClient  # heavy: 1 s

    file = shutil.copy(original, tmp_path / "mlflow.db")
    uri = f"sqlite:///{file}"
    return Filled(MlflowRegistry(uri, None, worker), MlflowClient(uri), Path(file))


def test_the_live_version_is_told_with_the_metrics_of_its_run(filled: Filled) -> None:
    """MLflow keeps metrics on the run; the version has them here."""
    live = filled.registry.live("breast-cancer", "champion")
    assert (live.version, live.metrics, live.tags) == ("1", {"f1": 0.97}, {"team": "risk"})
    assert live.description == "A try."
    assert datetime.now(UTC) - live.created_at < timedelta(hours=1)


def test_versions_come_newest_first(filled: Filled) -> None:
    """So that the last one is at hand."""
    versions = filled.registry.versions("breast-cancer")
    assert [(each.version, each.metrics["f1"]) for each in versions] == [("2", 0.71), ("1", 0.97)]


def test_the_tenth_version_is_newer_than_the_ninth(filled: Filled) -> None:
    """Version numbers are numbers."""
    for number in range(3, 11):
        filled.client.create_model_version("breast-cancer", f"{filled.file.parent}/{number}")
    versions = filled.registry.versions("breast-cancer")
    assert [each.version for each in versions][:2] == ["10", "9"]


def test_metrics_of_a_logged_model_are_found_too(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    """MLflow 3 puts metrics on the logged model, which only the version's source names."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{filled.file}")  # its store asks there for models
    experiment = filled.client.get_experiment_by_name("e").experiment_id
    run = filled.client.create_run(experiment).info.run_id
    model = filled.client.create_logged_model(experiment, "m", source_run_id=run)
    filled.client.log_metric(run, "auc", 0.99, model_id=model.model_id)
    filled.client.create_model_version("breast-cancer", f"models:/{model.model_id}", model_id=model.model_id)
    assert filled.registry.version("breast-cancer", "3").metrics["auc"] == 0.99


def test_a_version_without_a_run_has_no_metrics(filled: Filled) -> None:
    """No data is an answer: empty, not zero."""
    filled.client.create_model_version("breast-cancer", str(filled.file.parent))
    assert filled.registry.version("breast-cancer", "3").metrics == {}


def test_moving_an_alias_is_seen_by_mlflow_itself(filled: Filled) -> None:
    """The move is real, and doing it twice equals doing it once."""
    filled.registry.move_alias("breast-cancer", "champion", "2", expected="1")
    filled.registry.move_alias("breast-cancer", "champion", "2", expected="1")
    assert filled.client.get_model_version_by_alias("breast-cancer", "champion").version == 2


def test_a_new_alias_can_be_given(filled: Filled) -> None:
    """Moving creates it."""
    filled.registry.move_alias("breast-cancer", "challenger", "2")
    assert filled.registry.live("breast-cancer", "challenger").version == "2"


def test_a_move_is_refused_when_somebody_was_faster(filled: Filled) -> None:
    """The preview said v2 was live, but it is v1: nothing is moved."""
    filled.client.create_model_version("breast-cancer", str(filled.file.parent))
    with pytest.raises(Conflict, match="champion of breast-cancer now names v1, not v2"):
        filled.registry.move_alias("breast-cancer", "champion", "3", expected="2")
    assert filled.registry.live("breast-cancer", "champion").version == "1"


@pytest.mark.parametrize("version", ["9", "v2", "", "-1"])
def test_a_version_that_does_not_exist_is_answered_with_those_that_do(filled: Filled, version: str) -> None:
    """Whatever was typed."""
    with pytest.raises(NotFound, match=f"no version {version} of breast-cancer; there are: 1, 2"):
        filled.registry.version("breast-cancer", version)


def test_an_alias_is_not_moved_to_a_version_that_does_not_exist(filled: Filled) -> None:
    """The alias stays where it is."""
    with pytest.raises(NotFound, match="no version 9"):
        filled.registry.move_alias("breast-cancer", "champion", "9")
    assert filled.registry.live("breast-cancer", "champion").version == "1"


@pytest.mark.parametrize("model", ["brest-cancer", "it's", 'a"b', "x' OR '1'='1"])
def test_a_model_that_does_not_exist_is_answered_with_those_that_do(filled: Filled, model: str) -> None:
    """Quotes in the name change nothing."""
    with pytest.raises(NotFound, match="in the registry; there are: breast-cancer"):
        filled.registry.versions(model)


def test_a_model_with_a_quote_in_its_name_is_found(filled: Filled) -> None:
    """MLflow allows it, so we do."""
    filled.client.create_registered_model("it's")
    filled.client.create_model_version("it's", str(filled.file.parent))
    assert [each.version for each in filled.registry.versions("it's")] == ["1"]


def test_an_alias_that_does_not_exist_is_answered_with_those_that_do(filled: Filled) -> None:
    """A typing error is seen at once."""
    with pytest.raises(NotFound, match="breast-cancer has no alias “champ”; it has: champion"):
        filled.registry.live("breast-cancer", "champ")


def test_an_alias_that_mlflow_forbids_is_refused_in_its_words(filled: Filled) -> None:
    """`latest` is reserved there."""
    with pytest.raises(Invalid, match="latest"):
        filled.registry.move_alias("breast-cancer", "latest", "1")


def test_a_missing_file_is_not_made_into_an_empty_registry(tmp_path: Path, worker: Worker) -> None:
    """MLflow would create it, and an empty registry would look like one without models."""
    file = tmp_path / "gone.db"
    with pytest.raises(Unavailable, match="is missing or empty"):
        MlflowRegistry(f"sqlite:///{file}", None, worker).versions("breast-cancer")
    assert not file.exists()


def test_a_broken_file_is_told_as_a_registry_that_is_down(tmp_path: Path, worker: Worker) -> None:
    """The reason is SQLite's own."""
    file = tmp_path / "broken.db"
    file.write_text("no database" * 1000)
    with pytest.raises(Unavailable, match="file is not a database") as caught:
        MlflowRegistry(f"sqlite:///{file}", None, worker).versions("breast-cancer")
    assert caught.value.may_retry


def test_a_server_that_is_down_is_told_without_its_password(worker: Worker) -> None:
    """Port 9 of loopback refuses; the address is shown without the credentials in it."""
    registry = MlflowRegistry("http://me:secret@127.0.0.1:9", None, worker)
    with pytest.raises(Unavailable, match="1:9 did not answer") as caught:
        registry.live("breast-cancer", "champion")
    assert caught.value.may_retry
    assert "secret" not in caught.value.message
