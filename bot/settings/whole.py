"""All settings: the parts, one line each."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from bot.settings.alerts import AlertSettings
from bot.settings.models import ModelSettings, RegistrySettings
from bot.settings.oncall import OnCall
from bot.settings.people import People
from bot.settings.process import Http, RollbackSettings, Schedule
from bot.settings.signals import PrometheusSettings, SystemSettings, Thresholds
from bot.settings.slack import Channels, SlackSettings
from bot.settings.sources import SourceName, SourceSettings
from bot.settings.values import Part


class Settings(Part):
    """All of it. Relative paths are relative to the file."""

    slack: SlackSettings = SlackSettings()
    database: str = Field(
        "sqlite:///tocsin.db",
        repr=False,
        description="Tocsin's own database: sqlite:///… or postgresql://…",
    )
    channels: Channels = Channels()
    people: People = People()
    oncall: OnCall = OnCall()
    registry: RegistrySettings = RegistrySettings()
    models: dict[str, ModelSettings] = Field(default_factory=dict, description="the models under watch")
    systems: dict[str, SystemSettings] = Field(default_factory=dict, description="what else is watched")
    thresholds: Thresholds = Field(
        None, description="limits for all, as runbooks have them: list, mapping, text, or a file of those"
    )
    drift_thresholds: dict[str, float] = Field(default_factory=dict, description="the same, by name alone")
    prometheus: PrometheusSettings = PrometheusSettings()
    alerts: AlertSettings = AlertSettings()
    schedule: Schedule = Schedule()
    rollback: RollbackSettings = RollbackSettings()
    http: Http = Http()
    sources: dict[SourceName, SourceSettings] = Field(
        default_factory=dict, description="other monitors whose alerts are taken in"
    )
    templates: Path | None = Field(None, description="folder with templates that replace ours")
    worker_memory_mb: int = Field(2048, ge=256, description="memory limit of the process that runs checks")
