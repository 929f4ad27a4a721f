"""Thresholds from the settings, or from the file that they name."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.settings import Settings
from bot.settings.signals import Thresholds
from bot.threshold_page import Page, is_page, page
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


def pages_of(settings: Settings, folder: Path) -> list[Page]:
    """The pages among them, each once. Raises `Invalid` for one that cannot be read."""
    named = [("thresholds", settings.thresholds)]
    named += [(f"{name}.thresholds", one.thresholds) for name, one in settings.models.items()]
    named += [(f"{name}.thresholds", one.thresholds) for name, one in settings.systems.items()]
    found = [_content(given, where, folder) for where, given in named]
    pages = [each for each in found if isinstance(each, Page)]
    return list({each.where: each for each in pages}.values())


def _read(given: Thresholds, where: str, folder: Path) -> list[Threshold]:
    found = _content(given, where, folder)
    return found.thresholds if isinstance(found, Page) else found


def _content(given: Thresholds, where: str, folder: Path) -> Page | list[Threshold]:
    if given is None:
        return []
    if isinstance(given, str) and "\n" not in given and given.lower().endswith(SUFFIXES):
        return _of_file(folder / given, where)
    return page(given, where) if isinstance(given, str) and is_page(given) else parse(given, where)


def _of_file(path: Path, where: str) -> Page | list[Threshold]:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise Invalid(f"{where}: {path} is too large for thresholds.")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{where}: {path} cannot be read: {error}.") from None
    if path.suffix.lower() not in (".yml", ".yaml"):
        return page(text, str(path)) if is_page(text) else parse(text, str(path))
    try:
        return parse(yaml.safe_load(text) or {}, str(path))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Invalid(f"{path} is not YAML{f' in line {mark.line + 1}' if mark else ''}.") from None
