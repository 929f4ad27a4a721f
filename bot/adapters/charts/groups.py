"""How groups are treated, and how segments and features do: bars read off a finding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.adapters.charts.bars import Bar, bars_chart
from bot.adapters.charts.card import BAD, GOOD, QUIET, WARN
from ops_core.profiles.performance import METRICS

RATES = {
    "selection": "predicted positive",
    "true_positive": "positives found",
    "false_positive": "negatives called positive",
}


def groups_chart(finding: Mapping[str, Any], spec: Mapping[str, Any]) -> bytes:
    """PNG of a fairness finding: the rate that differs most, by group, worst off in red."""
    detail = finding["detail"]
    rate = detail["rate"]
    colors = {detail["worse_off"]: BAD, detail["better_off"]: GOOD}
    bars = [
        Bar(
            each["group"],
            told["value"],
            told["low"],
            told["high"],
            told["n"],
            colors.get(each["group"], QUIET),
        )
        for each in detail["groups"]
        if (told := each[rate])["value"] is not None
    ]
    bars.sort(key=lambda bar: bar.value)
    titled = {**spec, "title": f"{spec['title']}: {RATES.get(rate, rate.replace('_', ' '))}"}
    return bars_chart(titled, bars, {"limit": _least(finding, bars)}, percent=True)


def _least(finding: Mapping[str, Any], bars: list[Bar]) -> float | None:
    """The lowest rate that the limit allows beside the group that is best off."""
    limit, best = finding.get("limit"), max((bar.value for bar in bars), default=None)
    if limit is None or best is None:
        return None
    allowed = best * limit if finding["check"] == "fairness.disparate_impact" else best - (1 - limit)
    return allowed if allowed > 0 else None


def segments_chart(finding: Mapping[str, Any], spec: Mapping[str, Any]) -> bytes:
    """PNG of a metric by segment, in red those surely worse than the whole, or than they were themselves."""
    told = [each for each in finding["detail"]["segments"] if each["value"] is not None]
    bars = [
        Bar(
            each["segment"],
            each["value"],
            each["low"],
            each["high"],
            each["n"],
            BAD if each["p_value"] <= 0.01 else QUIET,
        )
        for each in told
    ]
    # Where each segment has its own limit, there is no line for all.
    lines = {"limit": finding.get("limit"), "whole": finding.get("value")} if is_of_metric(finding) else {}
    return bars_chart(spec, bars, lines)


def is_of_metric(finding: Mapping[str, Any]) -> bool:
    """Whether its segments are told apart by one metric of the whole model."""
    return str(finding["check"]).partition(".")[2] in METRICS


def features_chart(finding: Mapping[str, Any], spec: Mapping[str, Any]) -> bytes:
    """PNG of a share by feature (missing, out of range) against the limit."""
    limit = finding.get("limit")
    bars = [
        Bar(each["feature"], each["value"], n=each.get("n"), color=_color(each["value"], limit))
        for each in finding["detail"]["features"]
        if each.get("value") is not None
    ]
    bars.sort(key=lambda bar: -bar.value)
    return bars_chart(spec, bars, {"limit": limit}, percent=True)


def _color(value: float, limit: float | None) -> str:
    return WARN if limit is not None and value > limit else QUIET
