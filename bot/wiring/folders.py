"""Where templates and playbooks are looked for; a team's own come first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.rendering import TEMPLATES
from bot.settings import Settings
from ops_core.incidents import diagnostics, playbook
from ops_core.incidents.kinds import IncidentType
from ops_core.incidents.playbook import Playbook, StepKind

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C, where PyYAML was built with it: ours are read in 10 ms instead of 100."""


def playbooks(folders: Sequence[Path]) -> dict[IncidentType, Playbook]:
    """The playbook of each type; a team's own folder comes first. Raises `Invalid` for one that is wrong."""
    runnable = {StepKind.DIAGNOSTIC: diagnostics.RUNNABLE, StepKind.ACTION: frozenset({"rollback"})}
    found: dict[IncidentType, Playbook] = {}
    for folder in folders:
        for file in sorted(folder.glob("*.yaml")):
            text = yaml.load(file.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - one of the safe ones
            plan = playbook.parse(text, file.name, runnable)
            found.setdefault(plan.type, plan)
    return found


def template_dirs(settings: Settings, folder: Path) -> list[Path]:
    """The folders of templates, the team's own first."""
    return [*([folder / settings.templates] if settings.templates else []), TEMPLATES]


def playbook_dirs(settings: Settings, folder: Path) -> list[Path]:
    """The folders of playbooks, in the same order."""
    return [place / "playbooks" for place in template_dirs(settings, folder)]
