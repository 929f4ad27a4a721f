"""The doctor's findings as an aligned table, calm enough to be read at 3 a.m."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence

import typer

from bot.doctor.answer import Answer, State

WIDTH = 110
COLOURS = {State.OK: "green", State.WARNING: "yellow", State.FAILED: "red"}


def drawn(answers: Sequence[Answer], *, colours: bool) -> str:
    """One line for each point, its fix below it, and a sum at the end."""
    column = max(len(each.name) for each in answers)
    lines = [line for each in answers for line in _lines(each, column, colours=colours)]
    counts = Counter(each.state for each in answers)
    total = ", ".join(f"{counts[state]} {state.value}" for state in State if counts[state])
    return "\n".join([*lines, "", f"{total}."])


def _lines(answer: Answer, column: int, *, colours: bool) -> list[str]:
    indent = " " * (column + 11)
    state = f"{answer.state.value:<7}"
    if colours:
        state = typer.style(state, fg=COLOURS[answer.state])
    found = textwrap.wrap(answer.found, WIDTH - len(indent)) or [""]
    fix = textwrap.wrap(f"→ {answer.fix}", WIDTH - len(indent), subsequent_indent="  ") if answer.fix else []
    first = f"{answer.name:<{column}}  {state}  {found[0]}"
    return [first, *(indent + line for line in [*found[1:], *fix])]
