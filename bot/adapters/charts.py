"""Draws findings as PNG cards that stay readable at half and quarter size, in light and dark Slack."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from ops_core.profiles.performance import METRICS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# matplotlib's own annotations know no dates.
Axes: TypeAlias = Any

WIDTH, HEIGHT, DPI = 1440, 640, 100
INK, SOFT, FAINT, CARD = "#1f2937", "#4b5563", "#e5e7eb", "#ffffff"
NOW, BEFORE, BAD, GOOD, WARN = "#2563eb", "#64748b", "#dc2626", "#047857", "#d97706"
MOST_BARS, LEAST_BARS = 7, 4
LEAST_APART = 0.09
MOMENT_DAYS = 1 / 288
LEVELS = {"limit": (BAD, (0, (5, 3))), "reference": (GOOD, (0, (1, 1.6)))}
BAR_TEXT: Mapping[str, Any] = {"size": 16, "color": INK}
TITLES = {"drift.data": "Inputs against the reference", "drift.prediction": "Answers against the reference"}


def finding_chart(finding: Mapping[str, Any]) -> bytes | None:
    """The chart of a finding as JSON; None when it holds nothing to draw."""
    detail = finding["detail"]
    title = {"title": _title(finding), "subtitle": finding["explanation"]}
    if detail.get("series"):
        names = ("limit", "reference", "since", "version")
        known = {name: finding.get(name) for name in names}
        return metric_chart(
            {**title, **known, "points": detail["series"], "versions": detail.get("versions", [])}
        )
    if finding["unit"] == "psi" and detail.get("features"):
        return drift_chart({**title, "limit": finding["limit"], "features": detail["features"]})
    return None


def _title(finding: Mapping[str, Any]) -> str:
    check = str(finding["check"])
    metric = METRICS.get(check.partition(".")[2])
    subject = TITLES.get(check) or (metric.label if metric else check)
    version = f" version {finding['version']}" if finding.get("version") else ""
    return f"{finding['model']}{version} · {subject}"


def metric_chart(spec: Mapping[str, Any]) -> bytes:
    """PNG of a metric over time.

    `spec`: title, subtitle, points [{at, value, low, high, version}], and, where known, limit, reference,
    versions [{at, version}], version (the one judged) and since.
    """
    figure, axes = _card(spec)
    for version, each in groupby(spec["points"], key=lambda point: point.get("version")):
        _line(axes, list(each), NOW if version == spec.get("version") else BEFORE)
    _fit(axes, spec)
    _levels(axes, {"limit": spec.get("limit"), "reference": spec.get("reference")})
    _shade(axes, spec.get("since"))
    for change in spec.get("versions", []):
        _mark(axes, change)
    return _png(figure)


def drift_chart(spec: Mapping[str, Any]) -> bytes:
    """PNG of the features that drifted most, and of the first one's distribution now and on the reference.

    `spec`: title, subtitle, limit, features [{feature, psi, verdict, edges, values, window, reference}].
    """
    figure, bars = _card(spec, right=0.50)
    features = list(spec["features"])[:MOST_BARS]
    _bars(bars, features, float(spec["limit"]))
    shape = figure.add_axes((0.56, 0.15, 0.41, 0.55))
    _dress(shape)
    _histogram(shape, next((f for f in features if f.get("verdict") in ("warning", "critical")), features[0]))
    return _png(figure)


def _card(spec: Mapping[str, Any], right: float = 0.825) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure  # heavy: 0.35 s

    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=CARD)
    figure.text(
        0.028,
        0.925,
        _short(spec["title"], 70),
        size=24,
        weight="bold",
        color=INK,
        va="center",
        parse_math=False,
    )
    figure.text(
        0.028,
        0.835,
        _short(spec.get("subtitle", ""), 104),
        size=17.5,
        color=SOFT,
        va="center",
        parse_math=False,
    )
    axes = figure.add_axes((0.075, 0.12, right - 0.075, 0.62))
    _dress(axes)
    return figure, axes


def _dress(axes: Axes) -> None:
    axes.set_facecolor(CARD)
    axes.tick_params(labelsize=17, colors=SOFT, length=0, pad=8)
    axes.grid(axis="y", color=FAINT, linewidth=1.2)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color("#9ca3af")


def _line(axes: Axes, points: Sequence[Mapping[str, Any]], color: str) -> None:
    at = [_time(point["at"]) for point in points]
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
        label = f"{name} {_figure(value)}"
        axes.annotate(label, (1, place), (12, 0), color=color, size=17, weight="bold", va="center", **where)


def _shade(axes: Axes, since: str | None) -> None:
    """Tints the time since which the limit has been broken."""
    if since is None:
        return
    left, right = axes.get_xlim()
    at = max(left, _dates().date2num(_time(since)))
    axes.axvspan(at, right, color="#fef2f2", zorder=0.5, linewidth=0)
    axes.set_xlim(left, right)


def _fit(axes: Axes, spec: Mapping[str, Any]) -> None:
    """Limits that show values and levels well; intervals may be cut."""
    levels = [spec[name] for name in ("limit", "reference") if spec.get(name) is not None]
    values = [point["value"] for point in spec["points"]] + levels
    low, high = min(values), max(values)
    room = max(0.12 * (high - low), 0.01)
    axes.set_ylim(max(-0.01, low - room), min(1.01, high + room))
    dates = _dates()
    if len({point["at"] for point in spec["points"]}) == 1:  # matplotlib would show years around it
        moment = dates.date2num(_time(spec["points"][0]["at"]))
        axes.set_xlim(moment - MOMENT_DAYS, moment + MOMENT_DAYS)
    axes.locator_params(axis="y", nbins=5)
    locator = dates.AutoDateLocator(minticks=4, maxticks=7)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator, show_offset=False))
    axes.annotate("UTC", (1.0, 0), (44, -28), "axes fraction", "offset points", color=SOFT, size=16)


def _mark(axes: Axes, change: Mapping[str, Any]) -> None:
    """A vertical line where another version began to serve, if that is within the picture."""
    at, (left, right) = _dates().date2num(_time(change["at"])), axes.get_xlim()
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


def _bars(axes: Axes, features: Sequence[Mapping[str, Any]], limit: float) -> None:
    colors = {"critical": BAD, "warning": WARN}
    axes.grid(visible=False)
    places = range(len(features))
    axes.barh(
        places,
        [each["psi"] for each in features],
        color=[colors.get(each.get("verdict", ""), "#94a3b8") for each in features],
        height=0.62,
    )
    names = [_short(each["feature"], 22) for each in features]
    axes.set_yticks(places, names, parse_math=False)
    axes.set_position((0.235, 0.15, 0.25, 0.55))
    axes.set_ylim(max(len(features), LEAST_BARS) - 0.5, -0.5)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(True)
    axes.set_xlim(0, max([limit, *(each["psi"] for each in features)]) * 1.22)
    axes.axvline(limit, color=INK, linewidth=2.4, linestyle=(0, (5, 3)))
    where: Any = ("data", "axes fraction")
    axes.annotate(f"limit {_figure(limit)}", (limit, 1.02), xycoords=where, ha="center", **BAR_TEXT)
    for place, each in zip(places, features, strict=True):
        axes.annotate(
            _figure(each["psi"]),
            (each["psi"], place),
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
    axes.bar([place + 0.2 for place in places], now, width=0.4, color=NOW, label="now")
    axes.set_xticks(list(places), _cell_names(feature, len(now)), parse_math=False)
    axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.3g} %")
    axes.set_title(
        _short(feature["feature"], 28),
        size=18,
        color=INK,
        weight="bold",
        loc="left",
        pad=12,
        parse_math=False,
    )
    look: Mapping[str, Any] = {"frameon": False, "fontsize": 16, "labelcolor": SOFT, "handlelength": 1}
    axes.legend(loc="upper right", bbox_to_anchor=(1.0, 1.2), ncols=2, **look)


def _cell_names(feature: Mapping[str, Any], cells: int) -> list[str]:
    """Categories by name; of numbers only every third edge, so that the names do not run together."""
    if feature.get("values"):
        return ([_short(str(value), 10) for value in feature["values"]] + ["other"] * cells)[:cells]
    edges = feature.get("edges", [])
    names = [f"≥ {edge:.2g}" for edge in edges]
    return [name if place % 3 == 0 else "" for place, name in enumerate(["low", *names])][:cells]


def _png(figure: Figure) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # heavy: 0.35 s
    from matplotlib.patches import Rectangle  # heavy: 0.35 s

    edge = Rectangle((0, 0), 1, 1, transform=figure.transFigure, fill=False, edgecolor="#cbd5e1", linewidth=3)
    figure.add_artist(edge)
    FigureCanvasAgg(figure)
    content = io.BytesIO()
    figure.savefig(content, format="png", facecolor=CARD)
    return content.getvalue()


def _dates() -> Any:
    from matplotlib import dates  # heavy: 0.35 s

    return dates


def _time(at: str) -> datetime:
    return datetime.fromisoformat(at)


def _figure(value: float) -> str:
    return f"{value:.2f}" if value >= 0.1 or value == 0 else f"{value:.3f}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
