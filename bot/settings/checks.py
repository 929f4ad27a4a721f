"""Which checks run, and with which options."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict

from bot.settings.values import Part
from ops_core.checks.cadence import Cadence


class CheckSettings(Part):
    """A check of the catalogue, with the options that differ from its defaults."""

    model_config = ConfigDict(extra="allow", frozen=True)
    check: str
    cadence: Cadence | None = None

    @property
    def options(self) -> dict[str, Any]:
        """All but the name and the cadence."""
        return dict(self.model_extra or {})
