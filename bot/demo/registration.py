"""Registers both versions in MLflow, trained by another process, and promotes the second when told to.

Run as `python -m bot.demo.registration --dir D --now 2026-11-20T12:00:00+00:00`; a line on its input is
the word to promote.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.demo.models import TRAINED_ROWS
from bot.demo.places import ALIAS, HISTORY, MODEL, Places
from ops_core.clock import SystemClock

VERSIONS = {
    "1": ("Scaled logistic regression.", {"C": "1.0", "training_data": "live rows, lengths in micrometres"}),
    "2": (
        "Retrained on the new export.",
        {"C": "1.0", "training_data": "export, lengths in nanometres"},
    ),
}


def register(places: Places, now: datetime) -> None:
    """Train, register v1 and v2, let the alias name v1, and v2 after the word."""
    trainer = subprocess.Popen(  # noqa: S603 - ours; at the same time, as importing MLflow takes 2 s
        [sys.executable, "-m", "bot.demo.training", "--dir", str(places.folder), "--now", now.isoformat()]
    )
    client = _new_registry(places)
    experiment = client.create_experiment(MODEL, places.artifacts.absolute().as_uri())
    client.create_registered_model(MODEL, description="Tells malignant from benign breast masses.")
    if trainer.wait():
        sys.exit(f"training failed with exit {trainer.returncode}")
    for version in VERSIONS:
        _register_version(client, experiment, places.training / version, version)
    client.set_registered_model_alias(MODEL, ALIAS, "1")
    # v1's move is told as of the start of its recorded day: MLflow keeps no times of alias moves.
    moves = {"1": now - HISTORY}
    _write_moves(places, moves)
    sys.stdin.readline()
    client.set_registered_model_alias(MODEL, ALIAS, "2")
    _write_moves(places, moves | {"2": SystemClock().now()})


def _write_moves(places: Places, moves: dict[str, datetime]) -> None:
    told = [{"version": version, "at": at.isoformat()} for version, at in moves.items()]
    unfinished = places.moves.with_suffix(".tmp")
    unfinished.write_text(json.dumps(told))
    unfinished.replace(places.moves)


def _new_registry(places: Places) -> Any:
    """A client of a registry without models; an empty one is kept, as its 60 migrations take 1 s."""
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
    from mlflow import MlflowClient, __version__  # heavy: 1 s

    kept = places.folder / f"empty-mlflow-{__version__}.db"
    if kept.exists():
        shutil.copyfile(kept, places.database)
        return MlflowClient(places.tracking_uri)
    client = MlflowClient(places.tracking_uri)
    unfinished = kept.with_suffix(".tmp")
    shutil.copyfile(places.database, unfinished)
    unfinished.replace(kept)
    return client


def _register_version(client: Any, experiment: str, place: Path, version: str) -> None:
    from mlflow.entities import Metric, Param  # heavy: 1 s

    description, params = VERSIONS[version]
    run = client.create_run(experiment, run_name=f"{MODEL} v{version}").info
    now_ms = int(time.time() * 1000)
    metrics = json.loads((place / "metrics.json").read_text())
    client.log_batch(
        run.run_id,
        [Metric(name, value, now_ms, 0) for name, value in metrics.items()],
        [Param(name, value) for name, value in {"model": "logistic regression", **params}.items()],
    )
    client.log_inputs(run.run_id, [_dataset(params["training_data"])])
    client.log_artifact(run.run_id, str(place / "model.pkl"), "model")
    client.set_terminated(run.run_id)
    client.create_model_version(
        MODEL,
        f"{run.artifact_uri}/model",
        run.run_id,
        tags={"training_data": params["training_data"]},
        description=description,
    )


def _dataset(note: str) -> Any:
    from mlflow.entities import Dataset, DatasetInput  # heavy: 1 s

    source = json.dumps({"source": "scikit-learn load_breast_cancer", "rows": TRAINED_ROWS, "note": note})
    return DatasetInput(Dataset("breast-cancer-training", str(TRAINED_ROWS), "code", source))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.demo.registration", description=__doc__)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--now", type=datetime.fromisoformat, required=True)
    given = parser.parse_args()
    register(Places(given.dir), given.now)


if __name__ == "__main__":
    main()
