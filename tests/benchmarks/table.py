"""The figures as a table for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.benchmarks.figure import Figure

HEAD = ("figure", "value", "bar", "holds", "peer", "notes")


def drawn(figures: Sequence[Figure], machine: Mapping[str, str]) -> str:
    """The machine above, a row for each figure below; the peers are named under the table."""
    peers = list(dict.fromkeys(one.peer for one in figures if one.peer))
    rows = [HEAD, *(_row(one, peers) for one in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD) - 1)]
    lines = [_line(row, widths) for row in rows]
    rule = "─" * max(len(line) for line in lines[:1])
    above = [" · ".join(f"{name} {value}" for name, value in machine.items()), ""]
    below = ["", *(f"[{number}] {peer}" for number, peer in enumerate(peers, start=1))]
    return "\n".join([*above, lines[0], rule, *lines[1:], *below])


def _row(one: Figure, peers: Sequence[str]) -> tuple[str, ...]:
    peer = "" if one.peer is None else f"{_number(one.peer_value)}[{peers.index(one.peer) + 1}]"
    bar = "" if one.bar is None else f"{'≥' if one.at_least else '≤'} {one.bar:g}"
    held = "" if one.bar is None and one.is_sound else "yes" if one.holds else "NO"
    return one.name, f"{_number(one.value)}{one.unit}", bar, held, peer, one.note


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
    return "  ".join([*padded, row[-1]]).rstrip()


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f} " if abs(value) >= 100 or value == int(value) else f"{value:.3g} "
