"""Asks Prometheus, and what speaks its HTTP API, for numbers now and over a stretch of time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from bot.adapters.outside import Answer, Outside
from ops_core.errors import Invalid, Unavailable

MOST_SERIES = 200
MOST_POINTS = 1000


@dataclass(frozen=True)
class Series:
    """One series of an answer: its labels without the metric's name, and its finite values in order."""

    labels: Mapping[str, str]
    points: tuple[tuple[float, float], ...]
    """Pairs of seconds since 1970 and value."""

    @property
    def subject(self) -> str | None:
        """What tells it apart from the other series; None without labels."""
        return ", ".join(self.labels[name] for name in sorted(self.labels)) or None


@dataclass(frozen=True)
class Prometheus:
    """A server of the Prometheus HTTP API at `url`; `token` is sent as a bearer token."""

    url: str
    timeout: timedelta = timedelta(seconds=5)
    token: str = field(default="", repr=False)

    def now(self, query: str, at: datetime) -> list[Series]:
        """The value of each series at a moment. Raises `Unavailable`, or `Invalid` for a wrong query."""
        return self._ask("query", query, {"time": f"{at.timestamp():.3f}"})

    def over(self, query: str, start: datetime, end: datetime, step: timedelta) -> list[Series]:
        """The course of each series, a point each `step`; errors as of `now`."""
        step = max(step, (end - start) / MOST_POINTS)
        times = {"start": f"{start.timestamp():.3f}", "end": f"{end.timestamp():.3f}"}
        return self._ask("query_range", query, {**times, "step": f"{step.total_seconds():.3f}"})

    @cached_property
    def _outside(self) -> Outside:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return Outside(f"Prometheus at {self.url}", self.timeout, headers)

    def _ask(self, what: str, query: str, times: Mapping[str, str]) -> list[Series]:
        limit = f"{self.timeout.total_seconds():g}s"  # so that it gives up as well
        params = {"query": query, "timeout": limit, **times}
        answer = self._outside.get(f"{self.url.rstrip('/')}/api/v1/{what}", params)
        data = self._data(answer, query)
        kind, result = data.get("resultType"), data.get("result")
        try:
            rows: Sequence[Any] = [{"metric": {}, "value": result}] if kind == "scalar" else result or ()
            found = [_of(each) for each in rows[:MOST_SERIES]]
        except (TypeError, ValueError, KeyError, AttributeError):
            raise Unavailable(f"Prometheus at {self.url} answered with what is no series.") from None
        return [each for each in found if each.points]

    def _data(self, answer: Answer, query: str) -> dict[str, Any]:
        body = answer.json()
        if not isinstance(body, dict) or "status" not in body:
            raise Unavailable(
                f"{self.url} answered {answer.status}, but not as Prometheus does.",
                hint="prometheus.url is the server's address, without /api/v1.",
            )
        if body["status"] != "success":
            said = str(body.get("error") or answer.status)[:300]
            if body.get("errorType") == "bad_data":
                raise Invalid(
                    f"Prometheus refuses the query {query!r}: {said}.", hint="Try it on its own page."
                )
            raise Unavailable(f"Prometheus at {self.url} could not answer {query!r}: {said}.")
        data = body.get("data")
        return data if isinstance(data, dict) else {}


def _of(each: Mapping[str, Any]) -> Series:
    return _series(each["metric"], each["values"] if "values" in each else [each["value"]])


def _series(metric: Mapping[str, Any], values: Sequence[Any]) -> Series:
    labels = {str(name): str(value) for name, value in metric.items() if name != "__name__"}
    points = ((float(at), float(value)) for at, value in values)
    return Series(labels, tuple((at, value) for at, value in points if math.isfinite(value)))
