"""Which settings a command uses, and the folder that their relative paths start from."""

from __future__ import annotations

from pathlib import Path

from bot.settings import Settings, load

USUAL = Path("tocsin.yml")


def read(config: Path | None) -> tuple[Settings, Path]:
    """The settings and their folder. Raises `Invalid` when they are wrong."""
    if config is None and USUAL.is_file():
        config = USUAL
    return load(config), (config.parent if config else Path()).absolute()
