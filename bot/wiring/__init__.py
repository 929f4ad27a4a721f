"""The wiring: from settings to the parts of a process."""

from bot.wiring.building import Tocsin, build
from bot.wiring.folders import playbooks

__all__ = ["Tocsin", "build", "playbooks"]
