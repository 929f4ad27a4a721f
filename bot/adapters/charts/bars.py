"""One number for each of several names, with intervals: groups, segments, features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.adapters.charts.card import (
    BAR_TEXT,
    GOOD,
    INK,
    QUIET,
    SOFT,
    Axes,
    as_png,
    figure_text,
    new_card,
    short,
)

MOST_BARS, LEAST_BARS = 9, 4
LEFT, WIDE = 0.235, 0.60


@dataclass(frozen=True)
class Bar:
    """A name, its value with the ends of its interval where known, rows behind it, and a colour."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None
    color: str = QUIET


def bars_chart(
    spec: Mapping[str, Any], bars: Sequence[Bar], levels: Mapping[str, float | None], *, percent: bool = False
) -> bytes:
    """PNG of horizontal bars. `spec`: title, subtitle; `levels` are vertical lines by name."""
    figure, axes = new_card(spec)
    shown = list(bars)[:MOST_BARS]
    axes.set_position((LEFT, 0.10, WIDE, 0.60))
    axes.grid(visible=False)
    places = range(len(shown))
    axes.barh(places, [bar.value for bar in shown], color=[bar.color for bar in shown], height=0.6)
    axes.set_yticks(list(places), [short(bar.name, 20) for bar in shown], parse_math=False)
    axes.set_ylim(max(len(shown), LEAST_BARS) - 0.5, -0.5)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(True)
    known = {name: level for name, level in levels.items() if level is not None}
    ends = [bar.value if bar.high is None else bar.high for bar in shown]
    axes.set_xlim(0, (max([*ends, *known.values()], default=1.0) or 1.0) * 1.04)
    for place, bar in zip(places, shown, strict=True):
        _tell(axes, place, bar, percent=percent)
    _lines(axes, known, percent=percent)
    if len(bars) > MOST_BARS:
        figure.text(LEFT, 0.04, f"and {len(bars) - MOST_BARS} more", size=16, color=SOFT)
    return as_png(figure)


def _tell(axes: Axes, place: int, bar: Bar, *, percent: bool) -> None:
    """The interval as a whisker; value and rows at the right edge, where nothing crosses them."""
    if bar.low is not None and bar.high is not None:
        axes.plot([bar.low, bar.high], [place, place], color=INK, linewidth=2.2, solid_capstyle="butt")
    rows = "" if bar.n is None else f"   n = {bar.n:,}"
    where: Any = ("axes fraction", "data")
    axes.annotate(
        f"{_shown(bar.value, percent=percent)}{rows}", (1.015, place), xycoords=where, va="center", **BAR_TEXT
    )


def _lines(axes: Axes, levels: Mapping[str, float], *, percent: bool) -> None:
    """Vertical lines, named above; the second name is put higher so that two never touch."""
    where: Any = ("data", "axes fraction")
    for rank, (name, level) in enumerate(sorted(levels.items(), key=lambda each: each[1])):
        color, dashes = (INK, (0, (5, 3))) if name == "limit" else (GOOD, (0, (1, 1.6)))
        axes.axvline(level, color=color, linewidth=2.4, linestyle=dashes)
        axes.annotate(
            f"{name} {_shown(level, percent=percent)}",
            (level, 1.0),
            (0, 6 + 22 * rank),
            where,
            "offset points",
            ha="center",
            size=16,
            color=color,
            weight="bold",
        )


def _shown(value: float, *, percent: bool) -> str:
    return f"{100 * value:.3g} %" if percent else figure_text(value)
