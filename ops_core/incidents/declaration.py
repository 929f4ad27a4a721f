"""What somebody fills in to declare an incident."""

from __future__ import annotations

from dataclasses import dataclass

from ops_core.errors import Invalid
from ops_core.incidents.kinds import IncidentType
from ops_core.severity import Severity


@dataclass(frozen=True)
class Declaration:
    """What somebody fills in to declare an incident."""

    title: str
    severity: Severity
    type: IncidentType
    model: str | None = None
    version: str | None = None
    impact: str = ""
    alert_group_id: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be: an empty or endless title."""
        if not self.title.strip():
            raise Invalid(
                "An incident needs a title.", hint="Say what is wrong in a few words.", field="title"
            )
        if len(self.title) > 140:
            raise Invalid(
                f"The title has {len(self.title)} characters; 140 are the most.",
                hint="Put the rest into the impact.",
                field="title",
            )
