"""A metric over time, with its limit, its interval and the versions that served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from bot.adapters.charts.card import (
    BAD,
    BEFORE,
    GOOD,
    INK,
    NOW,
    SOFT,
    Axes,
    as_png,
    dates,
    figure_text,
    moment,
    new_card,
)

LEAST_APART = 0.09
# Of years, months, days, hours, minutes and seconds: a bare “30” would be half a minute, or a day.
TIMES = ("%Y", "%b", "%d %b", "%H:%M", "%H:%M", "%H:%M:%S")
MOMENT_DAYS = 1 / 288
LEVELS = {"limit": (BAD, (0, (5, 3))), "reference": (GOOD, (0, (1, 1.6)))}


def metric_chart(spec: Mapping[str, Any]) -> bytes:
    """PNG of a metric over time.

    `spec`: title, subtitle, points [{at, value, low, high, version}], and, where known, limit, reference,
    versions [{at, version}], version (the one judged) and since.
    """
    figure, axes = new_card(spec)
    for version, each in groupby(spec["points"], key=lambda point: point.get("version")):
        _line(axes, list(each), NOW if version == spec.get("version") else BEFORE)
    _fit(axes, spec)
    _levels(axes, {"limit": spec.get("limit"), "reference": spec.get("reference")})
    _shade(axes, spec.get("since"))
    for change in spec.get("versions", []):
        _mark(axes, change)
    return as_png(figure)


def _line(axes: Axes, points: Sequence[Mapping[str, Any]], color: str) -> None:
    at = [moment(point["at"]) for point in points]
    axes.fill_between(
        at, *([p[end] for p in points] for end in ("low", "high")), color=color, alpha=0.16, lw=0
    )
    alone = {"marker": "o", "markersize": 9} if len(points) < 40 else {}
    axes.plot(at, [point["value"] for point in points], color=color, linewidth=3.4, **alone)


def _levels(axes: Axes, levels: Mapping[str, float | None]) -> None:
    """Horizontal lines, named at their right ends; names that would touch are moved apart."""
    bottom, top = axes.get_ylim()
    apart = LEAST_APART * (top - bottom)
    known = sorted((value, name) for name, value in levels.items() if value is not None)
    places = [value for value, _ in known]
    if len(places) == 2 and places[1] - places[0] < apart:
        middle = min(max(sum(places) / 2, bottom + apart / 2), top - apart / 2)
        places = [middle - apart / 2, middle + apart / 2]
    for (value, name), place in zip(known, places, strict=True):
        color, dashes = LEVELS[name]
        axes.axhline(value, color=color, linewidth=2.6, linestyle=dashes, zorder=1.5)
        where = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
        label = f"{name} {figure_text(value)}"
        axes.annotate(label, (1, place), (12, 0), color=color, size=17, weight="bold", va="center", **where)


def _shade(axes: Axes, since: str | None) -> None:
    """Tints the time since which the limit has been broken."""
    if since is None:
        return
    left, right = axes.get_xlim()
    at = max(left, dates().date2num(moment(since)))
    axes.axvspan(at, right, color="#fef2f2", zorder=0.5, linewidth=0)
    axes.set_xlim(left, right)


def _fit(axes: Axes, spec: Mapping[str, Any]) -> None:
    """Limits that show values and levels well; intervals may be cut."""
    levels = [spec[name] for name in ("limit", "reference") if spec.get(name) is not None]
    values = [point["value"] for point in spec["points"]] + levels
    low, high = min(values), max(values)
    room = max(0.12 * (high - low), 0.01)
    axes.set_ylim(max(-0.01, low - room), min(1.01, high + room))
    known = dates()
    if len({point["at"] for point in spec["points"]}) == 1:  # matplotlib would show years around it
        at = known.date2num(moment(spec["points"][0]["at"]))
        axes.set_xlim(at - MOMENT_DAYS, at + MOMENT_DAYS)
    axes.locator_params(axis="y", nbins=5)
    locator = known.AutoDateLocator(minticks=4, maxticks=7)
    axes.xaxis.set_major_locator(locator)
    shown = known.ConciseDateFormatter(locator, formats=list(TIMES), show_offset=False)
    axes.xaxis.set_major_formatter(shown)
    axes.annotate("UTC", (1.0, 0), (44, -28), "axes fraction", "offset points", color=SOFT, size=16)


def _mark(axes: Axes, change: Mapping[str, Any]) -> None:
    """A vertical line where another version began to serve, if that is within the picture."""
    at, (left, right) = dates().date2num(moment(change["at"])), axes.get_xlim()
    if not left + 0.02 * (right - left) < at < right:
        return
    axes.axvline(at, color=INK, linewidth=2.2, zorder=1.4)
    axes.annotate(
        f"version {change['version']}",
        (at, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(0, 4),
        textcoords="offset points",
        size=17,
        weight="bold",
        color=INK,
        ha="center",
        parse_math=False,
    )
