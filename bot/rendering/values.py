"""How a value looks when a template prints it: numbers, spans, times, counts."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

NEWLINE = "\u2028"
"""Stands for a line break that belongs to a value; the template's own line breaks are only layout."""

_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_REORDERING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")  # would let foreign text swap the reader's words
_SPANS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def clean(text: str) -> str:
    """Text without characters that XML forbids or that reorder a line; line breaks become `NEWLINE`."""
    return _BREAK.sub(NEWLINE, _REORDERING.sub("", _UNPRINTABLE.sub("\ufffd", text)))


def printed(value: Any) -> str:
    """Any value as text; None is `–`, times are ISO, spans and floats get their usual filter."""
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case float():
            return number(value)
        case datetime():
            return value.isoformat()
        case timedelta():
            return duration(value)
        case _:
            return clean(str(value))


def permalink(home: str, message: Mapping[str, str]) -> str:
    """The address of a message, as Slack writes it."""
    return f"{home}archives/{message['channel']}/p{message['ts'].replace('.', '')}"


def duration(span: timedelta | None) -> str:
    """The two largest parts of a span: `1 h 05 min`, `45 s`, `2 d 3 h`; None is `not recorded`."""
    if span is None:
        return "not recorded"
    sign, seconds = ("-" if span < timedelta(0) else ""), round(abs(span.total_seconds()))
    for at, (unit, size) in enumerate(_SPANS):
        if seconds >= size:
            return sign + _two_parts(seconds, unit, size, at)
    return "0 s"


def _two_parts(seconds: int, unit: str, size: int, at: int) -> str:
    whole, rest = divmod(seconds, size)
    if at + 1 == len(_SPANS) or (unit == "min" and whole >= 10):
        return f"{whole} {unit}"
    smaller, smaller_size = _SPANS[at + 1]
    part = rest // smaller_size
    width = 1 if smaller == "h" else 2
    return f"{whole} {unit} {part:0{width}d} {smaller}" if part else f"{whole} {unit}"


def number(value: float | None, digits: int = 3) -> str:
    """Three significant digits, thousands as k and M: `0.654`, `12.3 k`, `1.2 M`; None is `–`."""
    if value is None:
        return "–"
    if isinstance(value, int) and abs(value) < 10_000:
        return str(value)
    for size, unit in ((1e9, " G"), (1e6, " M"), (1e4, " k")):
        if abs(value) >= size:
            return _significant(value / (1e3 if unit == " k" else size), digits) + unit
    return _significant(value, digits)


def _significant(value: float, digits: int) -> str:
    text = f"{value:.{digits}g}"
    if "e" not in text:
        return text
    return f"{value:.0f}" if abs(value) >= 1 else text


def ratio(value: float | None, digits: int = 3) -> str:
    """A ratio of 0–1 in percent: `95.2 %`; None is `–`."""
    return "–" if value is None else f"{_significant(value * 100, digits)} %"


def signed(value: float | None, digits: int = 3) -> str:
    """A change with its sign: `+0.012`, `−0.3`, `±0`; None is `–`."""
    if value is None:
        return "–"
    if value == 0:
        return "±0"
    return ("+" if value > 0 else "−") + number(abs(value), digits)


def measured(value: float | None, unit: str | None = None) -> str:
    """A number with its unit; a unit of `ratio` stays a plain number, as models' metrics are read."""
    plain = number(value)
    return plain if not unit or unit == "ratio" else f"{plain} {unit}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 alert`, `3 alerts`, `no alerts`."""
    word = one if count == 1 else many or f"{one}s"
    return f"{count or 'no'} {word}"


def utc(moment: datetime | str | None, seconds: bool = False) -> str:
    """A moment for text that Slack does not localise: `2026-11-20 02:10 UTC`; None is `not recorded`."""
    if moment is None:
        return "not recorded"
    return instant(moment).strftime("%Y-%m-%d %H:%M:%S UTC" if seconds else "%Y-%m-%d %H:%M UTC")


def instant(moment: datetime | str) -> datetime:
    """An aware UTC datetime from a datetime or ISO text; ValueError when it has no offset or is no time."""
    parsed = moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)
    if parsed.tzinfo is None:
        raise ValueError(f"{parsed} has no time zone")
    return parsed.astimezone(UTC)


def columns(rows: list[list[Any]]) -> str:
    """Rows as aligned text for `<pre>`: numbers to the right, words to the left."""
    cells = [[printed(cell).replace(NEWLINE, " ") for cell in row] for row in rows]
    count = max((len(row) for row in cells), default=0)
    widths = [max((len(row[at]) for row in cells if at < len(row)), default=0) for at in range(count)]
    right = {
        at for at in range(count) if any(isinstance(row[at], int | float) for row in rows if at < len(row))
    }
    lines = (
        "  ".join(
            cell.rjust(widths[at]) if at in right else cell.ljust(widths[at]) for at, cell in enumerate(row)
        )
        for row in cells
    )
    return "\n".join(line.rstrip() for line in lines)


FILTERS = {
    "duration": duration, "number": number, "ratio": ratio, "signed": signed, "measured": measured,
    "plural": plural, "utc": utc, "columns": columns,
}  # fmt: skip
