"""The tables of a model under watch: they answer, and have the columns that are needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from bot.adapters.tables.address import is_table
from bot.adapters.tables.warehouse import Unanswered
from bot.doctor.answer import Answer, failed, ok
from bot.doctor.patient import Patient
from bot.watched import watched
from ops_core.checks.watch import Watched


def tables(patient: Patient, name: str) -> Answer:
    """Each answers, and has its columns."""
    from bot.adapters.engines import table_source  # heavy: NumPy and SciPy, 0.4 s

    model = watched(name, patient.settings.models[name], patient.folder)
    told = []
    for what, place, needed in _places(model):
        source = table_source(model)
        address = source.address_of(place)
        try:
            with closing(source.open(address)) as warehouse:
                columns = warehouse.columns(address)
        except Unanswered as error:
            return failed(f"{what} {address.shown}: {error}", f"Correct `models.{name}.{what}`, or start it.")
        missing = [column for column in needed if column not in columns]
        if missing:
            said = f"{what} {address.shown} has no column {', '.join(missing)}"
            return failed(said, f"Correct `models.{name}.columns`; there are: {', '.join(columns)}.")
        told.append(f"{what} {address.shown}: {len(columns)} columns")
    return ok("; ".join(told))


def _places(model: Watched) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What lies in tables, with the columns without which nothing can be judged."""
    joined = (model.key_column,) if model.labels else ()
    every = (
        ("predictions", model.predictions, (model.at_column, model.prediction_column, *joined)),
        ("labels", model.labels, (model.key_column, model.label_column)),
        ("reference", model.reference, (model.prediction_column,)),
    )
    for what, place, needed in every:
        if place and (model.engine is not None or is_table(place)):
            yield what, place, needed
