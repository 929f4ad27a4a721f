"""What drifted most, and its distribution now and on the reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.adapters.charts.card import (
    BAD,
    BAR_TEXT,
    INK,
    NOW,
    QUIET,
    SOFT,
    WARN,
    Axes,
    as_png,
    dress,
    figure_text,
    new_card,
    short,
)

MOST_BARS, LEAST_BARS = 7, 4


def drawn_in(unit: str, limit: float, features: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a chart needs of a finding, its bars in the finding's unit: a measure, or merged days' effect."""
    sized = [{**each, "size": _size(unit, each)} for each in features]
    return {"limit": limit, "unit": unit, "features": sorted(sized, key=lambda each: -each["size"])}


def _size(unit: str, feature: Mapping[str, Any]) -> float:
    if unit == "psi":
        # Of merged days it is an effect, squared.
        return float(max(feature["psi"], feature["effect"] ** 2) if feature.get("days") else feature["psi"])
    found = feature.get("measures", {}).get(unit)
    return abs(feature["effect"]) if found is None else float(found)


def drift_chart(spec: Mapping[str, Any]) -> bytes:
    """PNG of the features that drifted most, and of the first one's distribution now and on the reference.

    `spec`: title, subtitle, limit, unit, features [{feature, size (in the unit), verdict, edges, values,
    days, window, reference}]; with `days` the window is that of so many closed days.
    """
    figure, bars = new_card(spec, right=0.50)
    features = list(spec["features"])[:MOST_BARS]
    _bars(bars, features, float(spec["limit"]), _named(spec["unit"]))
    shape = figure.add_axes((0.56, 0.15, 0.41, 0.55))
    dress(shape)
    _histogram(shape, next((f for f in features if f.get("verdict") in ("warning", "critical")), features[0]))
    return as_png(figure)


def _bars(axes: Axes, features: Sequence[Mapping[str, Any]], limit: float, unit: str) -> None:
    colors = {"critical": BAD, "warning": WARN}
    axes.grid(visible=False)
    places = range(len(features))
    axes.barh(
        places,
        [each["size"] for each in features],
        color=[colors.get(each.get("verdict", ""), QUIET) for each in features],
        height=0.62,
    )
    names = [short(each["feature"], 22) for each in features]
    axes.set_yticks(places, names, parse_math=False)
    axes.set_position((0.235, 0.15, 0.25, 0.55))
    axes.set_ylim(max(len(features), LEAST_BARS) - 0.5, -0.5)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(True)
    axes.set_xlim(0, max([limit, *(each["size"] for each in features)]) * 1.22)
    axes.axvline(limit, color=INK, linewidth=2.4, linestyle=(0, (5, 3)))
    where: Any = ("data", "axes fraction")
    told = f"{unit} limit {figure_text(limit)}"
    axes.annotate(told, (limit, 1.02), xycoords=where, ha="center", **BAR_TEXT)
    for place, each in zip(places, features, strict=True):
        axes.annotate(
            figure_text(each["size"]),
            (each["size"], place),
            (6, 0),
            "data",
            "offset points",
            va="center",
            **BAR_TEXT,
        )


def _histogram(axes: Axes, feature: Mapping[str, Any]) -> None:
    """Shares of the reference's ten parts: grey as on the reference, blue now."""
    now, normal = feature["window"], feature["reference"]
    places = range(len(now))
    axes.bar([place - 0.2 for place in places], normal, width=0.4, color="#cbd5e1", label="reference")
    axes.bar([place + 0.2 for place in places], now, width=0.4, color=NOW, label=_of_when(feature))
    axes.set_xticks(list(places), _cell_names(feature, len(now)), parse_math=False)
    axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.3g} %")
    axes.set_title(
        short(feature["feature"], 28),
        size=18,
        color=INK,
        weight="bold",
        loc="left",
        pad=12,
        parse_math=False,
    )
    look: Mapping[str, Any] = {"frameon": False, "fontsize": 16, "labelcolor": SOFT, "handlelength": 1}
    axes.legend(loc="upper right", bbox_to_anchor=(1.0, 1.2), ncols=2, **look)


def _named(unit: str) -> str:
    """A unit as a chart says it."""
    return {"psi": "PSI", "chi_square": "chi-square"}.get(unit, unit)


def _of_when(feature: Mapping[str, Any]) -> str:
    """What the blue bars are of."""
    days = feature.get("days")
    return "now" if not days else "last closed day" if days == 1 else f"last {days} closed days"


def _cell_names(feature: Mapping[str, Any], cells: int) -> list[str]:
    """Categories by name; of numbers only every third edge, so that the names do not run together."""
    if feature.get("values"):
        return ([short(str(value), 10) for value in feature["values"]] + ["other"] * cells)[:cells]
    edges = feature.get("edges", [])
    names = [f"≥ {edge:.2g}" for edge in edges]
    return [name if place % 3 == 0 else "" for place, name in enumerate(["low", *names])][:cells]
