"""Versions of a model, and the registry that knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class ModelVersion:
    """One registered version of a model.

    `version` is the registry's own number as text, `created_at` aware UTC. `metrics` are the offline
    figures that were logged when it was trained (name → value, empty when none were), `run_id` names
    the training run, or is empty. `ready` is false while its files are still being registered.
    """

    model: str
    version: str
    created_at: datetime
    run_id: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    ready: bool = True

    @property
    def number(self) -> int:
        """Its place in registry order; −1 when the registry does not number its versions."""
        return int(self.version) if self.version.isdigit() else -1


class Registry(Protocol):
    """Knows a model's versions and which of them each alias names.

    Every method raises `NotFound` for a model, version or alias that does not exist (the message
    lists those that do) and `Unavailable` when the registry itself does not answer.
    """

    def live(self, model: str, alias: str) -> ModelVersion:
        """The version that `alias` names now."""
        ...

    def version(self, model: str, version: str) -> ModelVersion:
        """One version by its number."""
        ...

    def versions(self, model: str) -> list[ModelVersion]:
        """The model's versions, newest first."""
        ...

    def move_alias(self, model: str, alias: str, version: str, *, expected: str | None = None) -> None:
        """Let `alias` name `version`, and read it back; doing it twice equals doing it once.

        `expected` is the version that the caller believes to be live. `Conflict` is raised when it
        is not (and nothing is moved), or when somebody else moved the alias in the same moment.
        """
        ...
