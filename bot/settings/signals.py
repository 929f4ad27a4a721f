"""What is read outside: Prometheus queries, a feature store, backups, heartbeats and costs."""

from __future__ import annotations

import difflib
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from bot.settings.checks import CheckSettings
from bot.settings.values import LongSpan, Part
from ops_core.checks.signal_catalogue import SIGNAL_CHECKS

Thresholds = str | list[Any] | dict[str, Any] | None
QUERIED = tuple(name for name in SIGNAL_CHECKS if not name.startswith("cost."))
"""The checks whose signal a query can give; costs have queries of their own."""


class PrometheusSettings(Part):
    """The monitoring system that the queries go to."""

    url: str | None = Field(None, description="address of Prometheus, or of what speaks its HTTP API")
    token: SecretStr = Field(SecretStr(""), description="sent as a bearer token, if there is one")
    timeout: LongSpan = Field(timedelta(seconds=5), description="how long a query may take")
    window: LongSpan = Field(timedelta(minutes=5), description="over which a level is read")
    step: LongSpan = Field(timedelta(seconds=15), description="how far apart its points are")


class QuerySettings(Part):
    """A query in PromQL; `n` is a query for the number of requests that its ratio is of."""

    query: str = Field(min_length=1)
    n: str | None = Field(None, min_length=1)
    window: LongSpan | None = None
    step: LongSpan | None = None


class PlaceSettings(Part):
    """Where something new has to come up again and again: a file, a folder, a glob or an address."""

    place: str = Field(min_length=1)
    within: LongSpan | None = None


def _query(value: Any) -> Any:
    return {"query": value} if isinstance(value, str) else value


def _place(value: Any) -> Any:
    return {"place": value} if isinstance(value, str) else value


def _known(queries: dict[str, QuerySettings]) -> dict[str, QuerySettings]:
    for name in queries:
        if name not in QUERIED:
            close = difflib.get_close_matches(name, QUERIED, n=1, cutoff=0.5)
            near = f"did you mean {close[0]}?" if close else f"there are {', '.join(QUERIED)}"
            raise ValueError(f"no check named {name!r} reads a query; {near}")
    return queries


Queries = Annotated[
    dict[str, Annotated[QuerySettings, BeforeValidator(_query, json_schema_input_type=str)]],
    AfterValidator(_known),
]
Places = dict[str, Annotated[PlaceSettings, BeforeValidator(_place, json_schema_input_type=str)]]
Money = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class CostSettings(Part):
    """What it costs: turns on `cost.budget` and `cost.spike`."""

    file: str | None = Field(None, description="CSV or YAML of category, amount, and day or month")
    queries: dict[str, str] = Field(
        default_factory=dict, description="or PromQL by category: what the last 24 hours cost"
    )
    budget: dict[str, Money] = Field(default_factory=dict, description="a month's, by category")
    currency: str = Field("USD", description="of all of them")

    @model_validator(mode="after")
    def _one_source(self) -> CostSettings:
        if self.file and self.queries:
            raise ValueError("costs come from a file or from queries, not from both")
        if self.budget and not (self.file or self.queries):
            raise ValueError("a budget needs costs: set file or queries")
        return self


class WatchSettings(Part):
    """What models and other systems have in common: who owns them, and what is read outside for them."""

    owner: str | None = Field(None, description="Slack user id or e-mail, called to its incidents")
    on_call: str | None = Field(None, description="the schedule of its on-call, if not the main one")
    team: str | None = Field(None, description="a label for routes and silences")
    tags: list[str] = Field(default_factory=list, description="the same, all of them as one label `tags`")
    every: LongSpan = Field(timedelta(minutes=5), description="how often the checks look")
    checks: list[CheckSettings] = Field(
        default_factory=list, description="checks with their options; all of them run, if none is named"
    )
    thresholds: Thresholds = Field(None, description="more limits, of this one alone; see `thresholds`")

    queries: Queries = Field(
        default_factory=dict, description="PromQL by check, as text or `{query, n, window, step}`"
    )
    feature_store: str | None = Field(None, description="Feast's feature server; /health is asked of it")
    feature_views: Places = Field(
        default_factory=dict, description="where new values of features come up, by name; see `backups`"
    )
    backups: Places = Field(
        default_factory=dict, description="file, folder, glob or address by name, or `{place, within}`"
    )
    heartbeats: Places = Field(
        default_factory=dict, description="the same for signs of life of data pipelines"
    )
    cost: CostSettings = CostSettings()


class SystemSettings(WatchSettings):
    """Something under watch that is no model: a platform, a feature store, a budget."""
