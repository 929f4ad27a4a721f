"""The command line: `tocsin run`, `doctor`, `manifest` and `demo`."""

from bot.cli.app import main

__all__ = ["main"]
