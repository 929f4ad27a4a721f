"""`tocsin doctor`: look, and print what was found."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import typer

from bot.cli import config
from bot.doctor import table
from bot.doctor.answer import Answer, State, failed, ok
from bot.doctor.examination import examine
from bot.doctor.patient import Patient
from bot.doctor.points import points
from ops_core.errors import OpsError

EXIT = {State.OK: 0, State.WARNING: 1, State.FAILED: 2}


def doctor(path: Path | None, *, as_json: bool) -> int:
    """The exit code: 0 all is well, 1 warnings, 2 something has failed."""
    answers = _look(path)
    if as_json:
        typer.echo(json.dumps({"points": [each.to_json() for each in answers]}, indent=2, ensure_ascii=False))
    else:
        colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        typer.echo(table.drawn(answers, colours=colours), color=colours)
    return max(EXIT[each.state] for each in answers)


def _look(path: Path | None) -> list[Answer]:
    try:
        settings, folder = config.read(path)
    except OpsError as error:
        return [failed(error.message, error.hint).of("settings")]
    count = len(settings.models)
    first = ok(f"read; {count} model{'' if count == 1 else 's'} under watch").of("settings")
    with Patient(settings, folder) as patient:
        return [first, *examine(points(settings), patient)]
