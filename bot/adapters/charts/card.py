"""The frame of every chart: a light card, readable at half and quarter size, in light and dark Slack."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# matplotlib's own annotations know no dates.
Axes: TypeAlias = Any

WIDTH, HEIGHT, DPI = 1440, 640, 100
INK, SOFT, FAINT, CARD = "#1f2937", "#4b5563", "#e5e7eb", "#ffffff"
NOW, BEFORE, BAD, GOOD, WARN = "#2563eb", "#64748b", "#dc2626", "#047857", "#d97706"
QUIET = "#94a3b8"
BAR_TEXT: Mapping[str, Any] = {"size": 16, "color": INK}


def new_card(spec: Mapping[str, Any], right: float = 0.825) -> tuple[Figure, Axes]:
    """A figure with title and subtitle, and its axes."""
    from matplotlib.figure import Figure  # heavy: 0.35 s

    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=CARD)
    figure.text(
        0.028,
        0.925,
        short(spec["title"], 70),
        size=24,
        weight="bold",
        color=INK,
        va="center",
        parse_math=False,
    )
    figure.text(
        0.028,
        0.835,
        short(spec.get("subtitle", ""), 104),
        size=17.5,
        color=SOFT,
        va="center",
        parse_math=False,
    )
    axes = figure.add_axes((0.075, 0.12, right - 0.075, 0.62))
    dress(axes)
    return figure, axes


def dress(axes: Axes) -> None:
    """Calm axes: a soft grid, a baseline, no box."""
    axes.set_facecolor(CARD)
    axes.tick_params(labelsize=17, colors=SOFT, length=0, pad=8)
    axes.grid(axis="y", color=FAINT, linewidth=1.2)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color("#9ca3af")


def as_png(figure: Figure) -> bytes:
    """The finished figure, with a thin edge that shows on white and on black."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # heavy: 0.35 s
    from matplotlib.patches import Rectangle  # heavy: 0.35 s

    edge = Rectangle((0, 0), 1, 1, transform=figure.transFigure, fill=False, edgecolor="#cbd5e1", linewidth=3)
    figure.add_artist(edge)
    FigureCanvasAgg(figure)
    content = io.BytesIO()
    figure.savefig(content, format="png", facecolor=CARD)
    return content.getvalue()


def dates() -> Any:
    """matplotlib's dates."""
    from matplotlib import dates  # heavy: 0.35 s

    return dates


def moment(at: str) -> datetime:
    """A time that JSON holds as text."""
    return datetime.fromisoformat(at)


def figure_text(value: float) -> str:
    """A number as short as it can be read."""
    return f"{value:.2f}" if value >= 0.1 or value == 0 else f"{value:.3f}"


def short(text: str, most: int) -> str:
    """The text, shortened to `most` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"
