"""Settings: one YAML file and the environment, refused at start with a sentence when wrong."""

from bot.settings.checks import CheckSettings
from bot.settings.loading import ENVIRONMENT, anchored, load
from bot.settings.models import ModelSettings
from bot.settings.values import span
from bot.settings.whole import Settings

__all__ = ["ENVIRONMENT", "CheckSettings", "ModelSettings", "Settings", "anchored", "load", "span"]
