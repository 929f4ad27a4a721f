"""From the settings of a model to what the checks need to know of it."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.tables import address
from bot.settings import ModelSettings
from ops_core.checks.watch import CheckSpec, Watched
from ops_core.profiles.measures import MEASURES


def watched(name: str, model: ModelSettings, folder: Path) -> Watched:
    """The model under watch; relative paths are relative to `folder`."""
    columns = {measure: getattr(model.columns, measure) for measure in MEASURES}
    measures = {measure: column for measure, column in columns.items() if column}
    return Watched(
        name=name,
        alias=model.alias,
        owner=model.owner,
        engine=model.engine,
        predictions=_place(folder, model.predictions),
        labels=_place(folder, model.labels) if model.labels else None,
        reference=_place(folder, model.reference),
        key_column=model.columns.key,
        at_column=model.columns.at,
        version_column=model.columns.version,
        score_column=model.columns.score,
        prediction_column=model.columns.prediction,
        label_column=model.columns.label,
        group_column=model.columns.group,
        segment_column=model.columns.segment,
        features=(*model.features, *measures.values()) if model.features else None,
        positive_label=model.positive_label,
        label_delay=model.label_delay,
        reference_max_age=model.reference_max_age,
        serving_url=model.serving_url,
        task=model.task,
        measures=measures,
    )


def _place(folder: Path, place: str) -> str:
    """A path of this machine, from the folder of the settings; an address (s3://…, a table) as it stands."""
    if place.startswith("#"):  # a table of the engine
        return place
    if address.is_table(place):
        return address.anchored(place, folder)
    return place if "://" in place else str(folder / place)


def named_checks(model: ModelSettings) -> tuple[CheckSpec, ...]:
    """The checks that the settings name."""
    return tuple(CheckSpec(one.check, one.options, one.cadence) for one in model.checks)
