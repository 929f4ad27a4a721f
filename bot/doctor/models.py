"""A model under watch: its registry, its server, its data, its checks, and the process that computes."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from bot.adapters.places import list_files
from bot.adapters.serving import HttpServing
from bot.adapters.tables.address import is_table
from bot.doctor.answer import Answer, failed, ok, warning
from bot.doctor.patient import Patient
from bot.watched import watched
from ops_core.clock import SystemClock
from ops_core.errors import NotFound, OpsError


def worker(patient: Patient) -> Answer:
    """The process for heavy work starts and answers."""
    patient.worker.call(os.getpid, seconds=20)
    return ok(f"starts, with at most {patient.settings.worker_memory_mb} MB")


def registry(patient: Patient, name: str) -> Answer:
    """The registry knows the model, and the alias names a version."""
    alias = patient.settings.models[name].alias
    try:
        live = patient.registry.live(name, alias)
    except NotFound as error:
        return failed(
            error.message, f"Correct the name or `models.{name}.alias`, or set the alias in MLflow."
        )
    except OpsError as error:
        return failed(error.message, "Correct `registry.uri`, or start the registry.")
    return ok(f"{alias} names v{live.version}")


def serving(patient: Patient, name: str) -> Answer:
    """The model server is healthy."""
    url = patient.settings.models[name].serving_url
    if url is None:
        return warning(
            "no serving_url", f"Set `models.{name}.serving_url`, so that rollbacks can be verified."
        )
    state = HttpServing(timedelta(seconds=5)).probe(url)
    if not state.healthy:
        return failed(f"{url}: {state.error}", f"Start it, or correct `models.{name}.serving_url`.")
    if state.version is None:
        return warning(f"{url} is healthy, but does not say which version it serves", "Let /health tell it.")
    return ok(f"{url} is healthy and serves v{state.version}")


def data(patient: Patient, name: str) -> Answer:
    """Predictions, labels and reference are there, where they are files."""
    model = patient.settings.models[name]
    one = watched(name, model, patient.folder)
    places = {"predictions": model.predictions, "labels": model.labels, "reference": model.reference}
    files = {what: getattr(one, what) for what, place in places.items() if place and not is_table(place)}
    found = {what: list_files(place) for what, place in files.items()}
    missing = [f"{what} ({places[what]})" for what, files in found.items() if not files]
    if "reference" in found and not found["reference"]:
        return failed(f"no Parquet file for {', '.join(missing)}", f"Correct `models.{name}`, or write them.")
    if missing:
        return warning(f"no Parquet file yet for {', '.join(missing)}", f"Correct `models.{name}`, or wait.")
    return ok(
        "; ".join(f"{what}: {_counted(len(files), files[-1].modified)}" for what, files in found.items())
    )


def checks(patient: Patient, name: str) -> Answer:
    """The checks of the settings exist and take the options given."""
    # heavy: NumPy and SciPy, 0.4 s, not needed without a model
    from bot.check_specs import check_specs
    from ops_core.checks.catalogue import build_all

    settings, folder = patient.settings, patient.folder
    try:
        specs = check_specs(settings, name, folder)
        built = build_all(specs, watched(name, settings.models[name], folder).offers)
    except OpsError as error:
        return failed(error.message, f"{error.hint} (`models.{name}.checks`)".strip())
    return ok(f"{len(built)} checks" if specs else f"all {len(built)} checks of the catalogue")


def _counted(count: int, modified: float) -> str:
    age = SystemClock().now() - datetime.fromtimestamp(modified, UTC)
    return f"{count} file{'' if count == 1 else 's'}, newest {_told(age)} old"


def _told(age: timedelta) -> str:
    seconds = max(age.total_seconds(), 0)
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
