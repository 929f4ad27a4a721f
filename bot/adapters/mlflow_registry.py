"""Reads and moves model aliases in an MLflow registry, from the worker process."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from bot.worker import Worker
from ops_core.errors import Conflict, Invalid, NotFound, Unavailable
from ops_core.registry import ModelVersion

T = TypeVar("T")

NEWEST = 50
"""How many versions are read: more than any rollback looks back over, and each costs a look at its run."""


class MlflowRegistry:
    """The registry behind an MLflow URI, an `http(s)://` server or a `sqlite:///` file.

    MLflow itself is imported in the worker only. MLflow has no compare-and-set, so moves are
    made one at a time and read back.
    """

    def __init__(self, tracking_uri: str, registry_uri: str | None, worker: Worker) -> None:
        self._uris = tracking_uri, registry_uri or tracking_uri
        self._worker = worker
        self._moving = Lock()

    def live(self, model: str, alias: str) -> ModelVersion:
        """The version that `alias` names now."""
        return self._call(read_live, model, alias)

    def version(self, model: str, version: str) -> ModelVersion:
        """One version by its number."""
        return self._call(read_version, model, version)

    def versions(self, model: str) -> list[ModelVersion]:
        """The model's newest versions, newest first."""
        return self._call(read_versions, model)

    def move_alias(self, model: str, alias: str, version: str, *, expected: str | None = None) -> None:
        """Let `alias` name `version`, and read it back."""
        with self._moving:
            self._call(write_alias, model, alias, version, expected)

    def _call(self, function: Callable[..., T], *args: Any) -> T:
        return self._worker.call(function, self._uris, *args, seconds=30)


Uris = tuple[str, str]


def read_live(uris: Uris, model: str, alias: str) -> ModelVersion:
    """What `Registry.live` returns; runs in the worker."""
    with _answers(uris) as client:
        return _described(client, _named_by(client, model, alias))


def read_version(uris: Uris, model: str, version: str) -> ModelVersion:
    """What `Registry.version` returns; runs in the worker."""
    with _answers(uris) as client:
        return _described(client, _numbered(client, model, version))


def read_versions(uris: Uris, model: str) -> list[ModelVersion]:
    """What `Registry.versions` returns; runs in the worker."""
    with _answers(uris) as client:
        _existing(client, model)
        return [_described(client, each) for each in _newest(client, model)]


def write_alias(uris: Uris, model: str, alias: str, version: str, expected: str | None) -> None:
    """What `Registry.move_alias` does; runs in the worker."""
    with _answers(uris) as client:
        target = _numbered(client, model, version)
        if target.status != "READY":
            raise Conflict(f"v{version} of {model} is not ready to serve: its status is {target.status}.")
        if expected is not None:
            _must_be(str(_named_by(client, model, alias).version), (expected, version), model, alias)
        client.set_registered_model_alias(model, alias, version)
        _must_be(str(_named_by(client, model, alias).version), (version,), model, alias)


def _must_be(found: str, allowed: tuple[str, ...], model: str, alias: str) -> None:
    if found not in allowed:
        raise Conflict(
            f"{alias} of {model} now names v{found}, not v{allowed[0]}: somebody else moved it.",
            hint="Look at what serves now before you move it again.",
        )


def _named_by(client: Any, model: str, alias: str) -> Any:
    found = _existing(client, model)
    if alias not in found.aliases:
        known = ", ".join(sorted(found.aliases)) or "none"
        raise NotFound(f"{model} has no alias “{alias}”; it has: {known}.")
    # Not from `found`, nor by search: some back ends return aliases late or not at all there.
    return client.get_model_version_by_alias(model, alias)


def _existing(client: Any, model: str) -> Any:
    from mlflow.exceptions import MlflowException  # heavy: 1 s

    try:
        return client.get_registered_model(model)
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
    known = sorted(each.name for each in client.search_registered_models(max_results=NEWEST))
    raise NotFound(f"There is no model “{model}” in the registry; there are: {', '.join(known) or 'none'}.")


def _numbered(client: Any, model: str, version: str) -> Any:
    from mlflow.exceptions import MlflowException  # heavy: 1 s

    _existing(client, model)
    if version.isdecimal():
        try:
            return client.get_model_version(model, version)
        except MlflowException as error:
            if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise
    known = ", ".join(str(each.version) for each in reversed(_newest(client, model))) or "none"
    raise NotFound(f"There is no version {version} of {model}; there are: {known}.")


def _newest(client: Any, model: str) -> list[Any]:
    quote = '"' if "'" in model else "'"
    found = client.search_model_versions(
        f"name = {quote}{model}{quote}", max_results=NEWEST, order_by=["version_number DESC"]
    )
    return sorted(found, key=lambda each: int(each.version), reverse=True)


def _described(client: Any, found: Any) -> ModelVersion:
    return ModelVersion(
        model=found.name,
        version=str(found.version),
        created_at=datetime.fromtimestamp(found.creation_timestamp / 1000, UTC),
        run_id=found.run_id or "",
        metrics=_metrics(client, found),
        tags=dict(found.tags),
        description=found.description or "",
        ready=found.status == "READY",
    )


def _metrics(client: Any, found: Any) -> dict[str, float]:
    """Offline metrics are not on the version: they are on its run, and those of MLflow 3 on its model."""
    from mlflow.exceptions import MlflowException  # heavy: 1 s

    metrics: dict[str, float] = {}
    model_id = found.source.removeprefix("models:/") if (found.source or "").startswith("models:/m-") else ""
    try:
        if found.run_id:
            metrics.update(client.get_run(found.run_id).data.metrics)
        if model_id:
            metrics.update({each.key: each.value for each in client.get_logged_model(model_id).metrics or ()})
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":  # a deleted run leaves its version standing
            raise
    return metrics


@contextmanager
def _answers(uris: Uris) -> Iterator[Any]:
    """A client, whose failures come out as ours."""
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "5")  # its own 120 s with 7 retries would take
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")  # minutes to say that the server is down
    from mlflow.exceptions import MlflowException  # heavy: 1 s
    from sqlalchemy.exc import SQLAlchemyError  # comes with MLflow's SQL stores

    try:
        for uri in uris:
            _must_exist(uri)
        yield _client(*uris)
    except MlflowException as error:
        if error.error_code == "INVALID_PARAMETER_VALUE":
            raise Invalid(f"The model registry refused this: {error.message}") from error
        raise _down(uris, str(error.message)) from error
    except SQLAlchemyError as error:
        raise _down(uris, str(error).partition("\n")[0]) from error


@cache
def _client(tracking_uri: str, registry_uri: str) -> Any:
    from mlflow import MlflowClient  # heavy: 1 s

    return MlflowClient(tracking_uri, registry_uri)


def _must_exist(uri: str) -> None:
    # MLflow would make a new, empty registry where the file is missing or empty.
    from sqlalchemy.engine import make_url  # at hand once MLflow is

    file = make_url(uri).database if uri.startswith("sqlite:") else None
    if file and not (Path(file).is_file() and Path(file).stat().st_size):
        raise Unavailable(
            f"The model registry's file {file} is missing or empty.",
            hint="Check the registry's address in the settings, and that its disk is mounted.",
        )


def _down(uris: Uris, reason: str) -> Unavailable:
    return Unavailable(
        _without_passwords(f"The model registry at {uris[1]} did not answer: {reason[:300]}"),
        hint="Nothing was changed by this request as far as we know; try again when the registry is back.",
    )


def _without_passwords(text: str) -> str:
    return re.sub(r"//[^/@\s]*@", "//", text)
