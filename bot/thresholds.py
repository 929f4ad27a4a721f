"""Thresholds from the settings, or from the file that they name."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.settings import Settings
from bot.settings.signals import Thresholds
from ops_core.checks.threshold import Threshold, parse
from ops_core.errors import Invalid

LARGEST_BYTES = 1_000_000
SUFFIXES = (".yml", ".yaml", ".md", ".txt")


def thresholds_of(settings: Settings, name: str, folder: Path) -> tuple[Threshold, ...]:
    """Those of a model or system, in the order of how much they count: of all, then its own."""
    own = {**settings.models, **settings.systems}[name].thresholds
    return (
        *_read(settings.thresholds, "thresholds", folder),
        *(parse(dict(settings.drift_thresholds), "drift_thresholds")),
        *_read(own, f"{name}.thresholds", folder),
    )


def _read(given: Thresholds, where: str, folder: Path) -> list[Threshold]:
    if given is None:
        return []
    if isinstance(given, str) and "\n" not in given and given.lower().endswith(SUFFIXES):
        return _of_file(folder / given, where)
    return parse(given, where)


def _of_file(path: Path, where: str) -> list[Threshold]:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise Invalid(f"{where}: {path} is too large for thresholds.")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{where}: {path} cannot be read: {error}.") from None
    if path.suffix.lower() not in (".yml", ".yaml"):
        return parse(text, str(path))
    try:
        return parse(yaml.safe_load(text) or {}, str(path))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Invalid(f"{path} is not YAML{f' in line {mark.line + 1}' if mark else ''}.") from None
