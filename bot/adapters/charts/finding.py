"""Chooses the chart of a finding by what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.adapters.charts.drift import drawn_in, drift_chart
from bot.adapters.charts.groups import features_chart, groups_chart, is_of_metric, segments_chart
from bot.adapters.charts.metric import metric_chart
from bot.adapters.charts.segment_map import segment_map
from ops_core.profiles.performance import METRICS

TITLES = {"drift.data": "Inputs against the reference", "drift.prediction": "Answers against the reference"}
LEAST_METRICS = 2


def finding_chart(finding: Mapping[str, Any]) -> bytes | None:
    """The chart of a finding as JSON; None when it holds nothing to draw."""
    detail = finding["detail"]
    spec = {"title": title(finding), "subtitle": finding["explanation"]}
    if detail.get("series"):
        names = ("limit", "reference", "since", "version")
        known = {name: finding.get(name) for name in names}
        return metric_chart(
            {**spec, **known, "points": detail["series"], "versions": detail.get("versions", [])}
        )
    if finding["check"] in TITLES and detail.get("features"):
        return drift_chart({**spec, **drawn_in(finding["unit"], finding["limit"], detail["features"])})
    if detail.get("groups") and detail.get("rate"):
        return groups_chart(finding, spec)
    if detail.get("segments"):
        return segments_chart(finding, spec)
    if finding["unit"] == "ratio" and detail.get("features"):
        return features_chart(finding, spec)
    return None


def explaining_chart(beside: Sequence[Mapping[str, Any]], finding: Mapping[str, Any]) -> bytes | None:
    """Where the model fails, for a metric of a run that told segments apart; else the finding's own chart."""
    told = [each for each in beside if each["detail"].get("segments") and is_of_metric(each)]
    if finding in told and len(told) >= LEAST_METRICS:
        return segment_map(
            told, {"title": f"{_of(finding)} · by segment", "subtitle": finding["explanation"]}
        )
    return finding_chart(finding)


def title(finding: Mapping[str, Any]) -> str:
    """Model, version and what is shown."""
    check = str(finding["check"])
    metric = METRICS.get(check.partition(".")[2])
    subject = TITLES.get(check) or (metric.label if metric else _words(check))
    return f"{_of(finding)} · {subject}"


def _of(finding: Mapping[str, Any]) -> str:
    version = f" version {finding['version']}" if finding.get("version") else ""
    return f"{finding['model']}{version}"


def _words(check: str) -> str:
    words = check.partition(".")[2].replace("_", " ")
    return words[:1].upper() + words[1:]
