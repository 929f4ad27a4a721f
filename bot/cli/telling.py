"""How the command line says that something cannot be done: a sentence, a hint, exit code 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from ops_core.errors import OpsError


@contextmanager
def told() -> Iterator[None]:
    """Turn an `OpsError` into words on stderr and exit code 2."""
    try:
        yield
    except OpsError as error:
        typer.echo(f"tocsin: {error.message}", err=True)
        if error.hint:
            typer.echo(f"        {error.hint}", err=True)
        raise typer.Exit(2) from None
