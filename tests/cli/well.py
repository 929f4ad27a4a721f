"""A place where everything is as it should be, and the means to spoil it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from bot.workspace.running import Running
from ops_core.announcements import announce
from ops_core.clock import SystemClock
from ops_core.incidents.timeline import remember
from ops_core.rhythm.events import RunsMissed
from ops_core.store.database import Database
from ops_core.store.transaction import Store
from tests.cli.commands import run_tocsin, write_config
from tests.databases import fresh

MODEL = "breast-cancer"


class _Health(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """A healthy server of v1."""
        body = json.dumps({"status": "ok", "version": "1"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    """The address of a healthy model server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Health)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def fill(folder: Path, place: Running, serving_url: str, **more: Any) -> Path:
    """Registry, data, database and settings below a folder; the settings' file."""
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    from mlflow import MlflowClient  # heavy: 1 s

    client = MlflowClient(f"sqlite:///{folder}/mlflow.db")
    client.create_registered_model(MODEL)
    client.create_model_version(MODEL, str(folder))
    client.set_registered_model_alias(MODEL, "champion", "1")
    for name in ("predictions", "labels", "reference"):
        parquet.write_table(pa.table({"request_id": ["1"]}), folder / f"{name}.parquet")
    database(folder).close()
    model = {name: f"{name}.parquet" for name in ("predictions", "labels", "reference")}
    return write_config(folder, place, models={MODEL: model | {"serving_url": serving_url}}, **more)


def database(folder: Path) -> Database:
    """The bot's database with one event in it."""
    path = folder / "tocsin.db"
    made = Database(f"sqlite:///{path}") if path.exists() else fresh(path)
    clock = SystemClock()
    with Store(made, clock, announce, remember).transaction() as tx:
        tx.record(RunsMissed(by="tocsin", at=tx.now, down_since=tx.now, runs=(("checkup", 1),)))
    return made


def doctor(config: Path, **environment: str) -> tuple[int, dict[str, dict[str, str]]]:
    """The exit code and the answers by name."""
    answer = run_tocsin(config.parent, "doctor", "--config", config, "--json", **environment)
    assert answer.stdout, answer.stderr
    return answer.returncode, {each["name"]: each for each in json.loads(answer.stdout)["points"]}
