"""Metrics by segment as a map: where it is red, the model fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.adapters.charts.card import INK, SOFT, Axes, as_png, new_card, short
from ops_core.profiles.performance import METRICS

MOST_SEGMENTS, MOST_METRICS = 8, 6
SURE, DOUBTFUL, FINE, BLANK = "#fca5a5", "#fde68a", "#d1fae5", "#f3f4f6"


def segment_map(findings: Sequence[Mapping[str, Any]], spec: Mapping[str, Any]) -> bytes:
    """PNG of several findings of one run, each with a metric by segment; the worst segments come first.

    Red: surely worse than the whole (p ≤ 0.01); yellow: p ≤ 0.05; green: not worse; grey: cannot be told.
    """
    rows = [each for each in findings if each["detail"].get("segments")][:MOST_METRICS]
    names = _worst_first(rows)[:MOST_SEGMENTS]
    figure, axes = new_card(spec, right=0.97)
    axes.set_position((0.20, 0.06, 0.77, 0.62))
    axes.grid(visible=False)
    for row, finding in enumerate(rows):
        told = {each["segment"]: each for each in finding["detail"]["segments"]}
        _cell(axes, 0, row, finding.get("value"), BLANK)
        for column, name in enumerate(names, start=1):
            each = told.get(name, {"value": None})
            _cell(axes, column, row, each["value"], _color(each))
    axes.set_xlim(-0.5, len(names) + 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.xaxis.tick_top()
    axes.set_xticks(range(len(names) + 1), ["whole", *(short(name, 12) for name in names)], parse_math=False)
    axes.set_yticks(range(len(rows)), [short(_label(each), 20) for each in rows], parse_math=False)
    axes.spines["bottom"].set_visible(False)
    return as_png(figure)


def _worst_first(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    best: dict[str, float] = {}
    for finding in rows:
        for each in finding["detail"]["segments"]:
            best[each["segment"]] = min(best.get(each["segment"], 1.0), each["p_value"])
    return sorted(best, key=lambda name: (best[name], name))


def _cell(axes: Axes, column: int, row: int, value: float | None, color: str) -> None:
    from matplotlib.patches import Rectangle  # heavy: 0.35 s

    axes.add_patch(Rectangle((column - 0.48, row - 0.46), 0.96, 0.92, color=color, linewidth=0))
    text, ink = ("–", SOFT) if value is None else (f"{value:.2f}", INK)
    axes.text(column, row, text, ha="center", va="center", size=19, color=ink)


def _color(each: Mapping[str, Any]) -> str:
    if each["value"] is None:
        return BLANK
    return SURE if each["p_value"] <= 0.01 else DOUBTFUL if each["p_value"] <= 0.05 else FINE


def _label(finding: Mapping[str, Any]) -> str:
    name = str(finding["check"]).partition(".")[2]
    return METRICS[name].label if name in METRICS else name.replace("_", " ")
