"""A finding's evidence as short rows of text: its numbers, and the parts that make it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ops_core.checks.finding import Finding

MOST_PARTS = 8


def facts(finding: Finding) -> list[list[str]]:
    """Name and figure of all that the finding states; what is unknown is left out."""
    low, high = finding.interval or (None, None)
    told = [
        ("value", _figure(finding.value, finding.unit)),
        ("limit", _figure(finding.limit, finding.unit)),
        ("reference", _figure(finding.reference, finding.unit)),
        (
            "95 % interval",
            f"{_figure(low, finding.unit)} – {_figure(high, finding.unit)}" if low is not None else "",
        ),
        ("n", f"{finding.n:,}"),
        ("p-value", "" if finding.p_value is None else _p(finding.p_value)),
        ("window", f"{finding.window_start:%d %b %H:%M} – {finding.window_end:%d %b %H:%M} UTC"),
        ("missing labels", _count(finding.detail.get("n_missing_labels"))),
        ("labels not due yet", _count(finding.detail.get("n_pending_labels"))),
    ]
    return [[name, figure] for name, figure in told if figure]


def parts(finding: Finding) -> list[list[str]]:
    """The parts of the finding, the first row their headings; empty when it has none."""
    detail = finding.detail
    for name, rows in (("features", _features), ("segments", _segments), ("groups", _groups)):
        listed = detail.get(name)
        if isinstance(listed, list) and listed and all(isinstance(each, Mapping) for each in listed):
            return rows(listed[:MOST_PARTS])
    counted = detail.get("confusion")
    if isinstance(counted, Mapping):
        return [["TP", "FP", "FN", "TN"], [f"{counted[name]:,}" for name in ("tp", "fp", "fn", "tn")]]
    return []


def _features(listed: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    measures = [name for name in ("psi", "value", "reference") if any(name in each for each in listed)]
    measures = [name for name in measures if isinstance(listed[0].get(name), int | float | None)]
    head = ["feature", *(name.upper() if name == "psi" else name for name in measures), "n"]
    return [
        head,
        *(
            [str(each.get("feature")), *(_number(each.get(name)) for name in measures), _count(each.get("n"))]
            for each in listed
        ),
    ]


def _segments(listed: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    rows = [
        [
            str(each["segment"]),
            _number(each["value"]),
            f"{_number(each['low'])} – {_number(each['high'])}",
            _count(each["n"]),
        ]
        for each in listed
    ]
    return [["segment", "value", "95 %", "n"], *rows]


def _groups(listed: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    rates = [name for name in listed[0] if name != "group" and isinstance(listed[0][name], Mapping)]
    rows = [
        [
            str(each.get("group")),
            *(_number(each[name]["value"]) for name in rates),
            _count(each[rates[0]]["n"]),
        ]
        for each in listed
        if rates
    ]
    return [["group", *(name.replace("_", " ") for name in rates), "n"], *rows] if rows else []


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return _number(value) if unit in ("ratio", "psi") else f"{_number(value)} {unit}"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if float(value).is_integer() and abs(value) > 1 else f"{value:,.4g}"


def _count(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) and value else ""


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.2g}"
