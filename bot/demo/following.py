"""Keeps the version loaded that an alias names, and the one before while the new one cannot be loaded."""

from __future__ import annotations

import pickle
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np

from bot.demo.models import scores
from bot.demo.places import ALIAS, MODEL
from ops_core.clock import Clock

FEATURES = 30
POLL_SECONDS = 0.2
CANNOT_LOAD = (
    OSError,
    EOFError,
    pickle.UnpicklingError,
    ImportError,
    AttributeError,
    ValueError,
    TypeError,
    KeyError,
)

NAMED_BY_ALIAS = """
    SELECT version.version, version.source
    FROM registered_model_aliases AS alias
    JOIN model_versions AS version ON version.name = alias.name AND version.version = alias.version
    WHERE alias.name = ? AND alias.alias = ?
"""


@dataclass(frozen=True)
class Loaded:
    """A version that is in memory."""

    version: str
    pipeline: Any
    loaded_at: datetime


class Follower:
    """Looks at the registry's file several times a second and loads what the alias names.

    It reads MLflow's tables itself: MLflow's client would take longer to import than all the rest.
    """

    def __init__(self, database: Path, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._ended = Event()
        self.loaded: Loaded | None = None
        self.error: str | None = "no version is loaded yet"

    def start(self) -> None:
        """Follow in a thread of its own, until `stop`."""
        Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """End the thread after its present look."""
        self._ended.set()

    def look(self) -> None:
        """One look at the registry; what goes wrong is left in `error`."""
        try:
            version, source = self._named()
        except (sqlite3.Error, LookupError) as problem:
            self.error = f"cannot read {ALIAS} from the registry: {problem}"
            return
        if self.loaded is None or self.loaded.version != version:
            self._load(version, source)
        else:
            self.error = None

    def _run(self) -> None:
        _warm_up()
        while not self._ended.is_set():
            self.look()
            self._ended.wait(POLL_SECONDS)

    def _named(self) -> tuple[str, str]:
        connection = sqlite3.connect(f"{self._database.absolute().as_uri()}?mode=ro", uri=True)
        try:
            found = connection.execute(NAMED_BY_ALIAS, (MODEL, ALIAS)).fetchone()
        finally:
            connection.close()
        if found is None:
            raise LookupError("it names no version")
        return str(found[0]), str(found[1])

    def _load(self, version: str, source: str) -> None:
        file = Path(unquote(urlsplit(source).path)) / "model.pkl"
        try:
            pipeline = pickle.loads(file.read_bytes())  # noqa: S301 - written by the demo itself
            scores(pipeline, np.zeros((1, FEATURES)))
        except CANNOT_LOAD as problem:
            self.error = f"v{version} cannot be loaded: {problem}"
            return
        self.loaded, self.error = Loaded(version, pipeline, self._clock.now()), None


def _warm_up() -> None:
    """Import what the pipelines need while the registry is still being made."""
    import sklearn.linear_model
    import sklearn.pipeline
    import sklearn.preprocessing  # noqa: F401 - heavy: 1.2 s, so before the first model asks for it
