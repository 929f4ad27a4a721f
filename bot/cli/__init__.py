"""The command line: `tocsin run`, `check`, `doctor`, `manifest` and `demo`."""

from bot.cli.app import main

__all__ = ["main"]
