"""The models under watch and their registry."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from bot.adapters.tables.address import is_table
from bot.settings.places import Place, joined_in
from bot.settings.signals import WatchSettings
from bot.settings.values import LongSpan, Part, Span


class RegistrySettings(Part):
    """The MLflow registry."""

    uri: str = Field("sqlite:///mlflow.db", repr=False, description="MLflow's tracking and registry address")


class Columns(Part):
    """What the columns of the files are called."""

    key: str = Field("request_id", description="joins a prediction with its label")
    at: str = Field("at", description="when it was served; without a zone, UTC")
    version: str | None = Field("model_version", description="which version answered")
    score: str | None = Field("score", description="the probability of the positive label")
    prediction: str = Field("prediction", description="the answer")
    label: str = Field("label", description="the truth")
    group: str | None = Field(None, description="groups to be treated alike; turns on the fairness checks")
    segment: str | None = Field(None, description="segments; an alarm names the worst")
    relevance: str | None = Field(None, description="was the answer relevant, 0–1; empty where nobody looked")
    hallucinated: str | None = Field(None, description="had the answer no ground, 0 or 1")
    rating: str | None = Field(None, description="what users gave it, 1–5")
    retrieved: str | None = Field(None, description="was what it needs among what was retrieved, 0 or 1")
    refused: str | None = Field(None, description="was there no answer, 0 or 1")
    tokens: str | None = Field(None, description="tokens of the request and its answer")
    cost: str | None = Field(None, description="what it cost")
    latency: str | None = Field(None, description="how long it took, in seconds")


class ModelSettings(WatchSettings):
    """One model under watch."""

    alias: str = Field("champion", description="the alias that names the version in production")
    predictions: Place = Field(
        repr=False,
        description="Parquet or CSV: a file, folder, glob or address; or a table; one row a prediction",
    )
    labels: Place | None = Field(None, repr=False, description="the same for labels that come later")
    reference: Place = Field(repr=False, description="the same for what counts as normal")
    engine: str | None = Field(
        None,
        repr=False,
        description="what reads and counts the rows: `duckdb`, `spark` or an address that Ibis connects to",
    )
    columns: Columns = Columns()
    features: list[str] = Field(
        default_factory=list, description="columns to watch for drift; all others, if none"
    )
    positive_label: int | str = Field(1, description="the label that precision and recall are about")
    task: Literal["classification", "regression"] = Field(
        "classification", description="whether predictions are classes or numbers"
    )
    label_delay: Span = Field(timedelta(0), description="how late labels come")
    reference_max_age: LongSpan | None = Field(
        None, description="how old the reference may become before `quality.source` says so"
    )
    serving_url: str | None = Field(None, description="the model server; /health is asked of it")
    window: LongSpan = Field(timedelta(hours=24), description="how far back the checks look")

    @model_validator(mode="after")
    def _labels_lie_beside_predictions(self) -> Self:
        if self.engine is None and any(each and each.startswith("#") for each in self._places):
            raise ValueError("a place such as #table needs an engine whose table it is")
        if self.engine is not None and any(each and is_table(each) for each in self._places):
            raise ValueError("with an engine, places are files, #table or #(SELECT …)")
        if self.labels is not None and not joined_in(self.predictions, self.labels):
            raise ValueError("labels must lie in the same database as predictions, to be joined there")
        return self

    @property
    def _places(self) -> tuple[str | None, ...]:
        return self.predictions, self.labels, self.reference
