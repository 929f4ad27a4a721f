"""NannyML: results as `result.to_df(multilevel=False).to_json(orient="records")` writes them."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

from bot.sources import reading
from bot.sources.hearing import Hearing
from ops_core.alerts.heard import Heard
from ops_core.errors import Invalid

ALERT = "_alert"


def parse(document: Any, hearing: Hearing) -> list[Heard]:
    """Every signal, by its newest chunk: it fires since the first of the chunks in a row that alert."""
    given = document.get("results") if isinstance(document, dict) else document
    every, remark = _rows(hearing.rows(given, "the results"))
    chunks = [each for each in every if each.get("chunk_period") != "reference"]
    if not chunks:
        return []
    signals = sorted(name.removesuffix(ALERT) for name in chunks[-1] if name.endswith(ALERT))
    return [_signal(each, chunks, remark, hearing) for each in hearing.rows(signals, "the signals")]


def _rows(given: list[Any]) -> tuple[list[dict[str, Any]], str]:
    """The rows that can be read, and what to say of the others. Raises `Invalid` when none can be."""
    found, wrong = [], []
    for number, each in enumerate(given):
        try:
            found.append(reading.record(each, f"row {number + 1}"))
        except Invalid as error:
            wrong.append(error)
    if wrong and not found:
        raise wrong[0]
    return found, reading.odd(wrong[0]) if wrong else ""


def _signal(signal: str, chunks: list[dict[str, Any]], remark: str, hearing: Hearing) -> Heard:
    newest = chunks[-1]
    alerting = list(takewhile(lambda chunk: chunk.get(signal + ALERT) is True, reversed(chunks)))
    values = {
        name: newest.get(f"{signal}_{name}", newest.get(f"chunk_{name}"))
        for name in ("value", "lower_threshold", "upper_threshold", "start_date", "end_date")
    }
    words = {name: reading.shorten(reading.text(one)) for name, one in values.items() if one is not None}
    state = "is outside its thresholds" if alerting else "is within its thresholds"
    words["summary"] = f"{signal[: reading.LABEL_VALUE]} {state}: {words.get('value', 'no value')}"
    start = alerting[-1].get("chunk_start_date") if alerting else None
    since, undated = reading.moment_or_remark(start, "chunk_start_date")
    return hearing.heard(
        reading.labels({"alertname": f"NannyML {signal}", "signal": signal}, "the newest chunk"),
        words,
        since,
        None if alerting else hearing.now,
        key=newest.get("chunk_key"),
        remark=remark or undated,
    )
