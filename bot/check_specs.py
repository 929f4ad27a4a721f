"""The checks of a model as the settings have them, for whoever judges in this process."""

from __future__ import annotations

from pathlib import Path

from bot.settings import Settings
from bot.thresholds import thresholds_of
from bot.watched import named_checks, watched
from ops_core.checks.catalogue import with_limits
from ops_core.checks.watch import CheckSpec


def check_specs(settings: Settings, name: str, folder: Path) -> tuple[CheckSpec, ...]:
    """With the limits that hold; none means all of them. Raises `Invalid` for thresholds that cannot be."""
    model = settings.models[name]
    offers = watched(name, model, folder).offers
    return with_limits(named_checks(model), thresholds_of(settings, name, folder), offers)
