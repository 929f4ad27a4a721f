"""A note in a file of how far a run has come, for the process that waits for it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import monotonic

from ops_core.checks.progress import Progress

EVERY_SECONDS = 0.25


@dataclass
class Note:
    """Called with each step of the run; writes a few times a second, whole or not at all."""

    path: Path
    _lock: Lock = field(default_factory=Lock)
    _written_at: float = 0.0

    def __call__(self, progress: Progress) -> None:
        """Note it, unless one was noted a moment ago."""
        with self._lock:
            now = monotonic()
            if now - self._written_at < EVERY_SECONDS:
                return
            self._written_at = now
            beside = self.path.with_suffix(".new")
            beside.write_text(json.dumps(progress.to_json()), encoding="utf-8")
            beside.replace(self.path)
