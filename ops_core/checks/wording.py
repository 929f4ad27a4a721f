"""Amounts and spans as people read them in a finding's explanation."""

from __future__ import annotations

from datetime import timedelta


def percent(ratio: float | None) -> str:
    """A ratio for a person: "2.5 %"."""
    return f"{100 * (ratio or 0.0):.1f} %"


def many(n: int, singular: str) -> str:
    """A number of things: "1 pair", "1,200 pairs"."""
    return f"{n:,} {singular}" + ("" if n == 1 else "s")


def words(span: timedelta) -> str:
    """A span for a person: "40 s", "12 min", "3.5 h", "2 days"."""
    seconds = span.total_seconds()
    for size, unit in ((172_800.0, "days"), (5400.0, "h"), (90.0, "min")):
        if seconds >= size:
            value = seconds / {"days": 86_400, "h": 3600, "min": 60}[unit]
            return f"{value:.3g} {unit}"
    return f"{seconds:.0f} s" if seconds >= 1 else "under 1 s"


def amounts(unit: str, *values: float | None) -> list[str]:
    """Values with their unit and as few digits as keep different ones apart; None becomes "–".

    For example "0.72 %", "350 ms", "18,200 EUR".
    """
    known = {value for value in values if value is not None}
    for digits in (3, 4, 5, 6):
        if len({_amount(unit, value, digits) for value in known}) == len(known):
            break
    return ["–" if value is None else _amount(unit, value, digits) for value in values]


def _amount(unit: str, value: float, digits: int) -> str:
    if unit == "ratio":
        return f"{_digits(100 * value, digits)} %"
    if unit == "seconds" and abs(value) < 1:
        return f"{_digits(1000 * value, digits)} ms"
    return f"{_digits(value, digits)} {'s' if unit == 'seconds' else unit}".rstrip()


def _digits(value: float, digits: int) -> str:
    """At least so many significant digits, never fewer than the whole part has."""
    plain = f"{value:.{digits}g}"
    return f"{value:,.0f}" if abs(value) >= 10 ** (digits - 1) else plain
