"""The kinds of incident; no rows here, so that reading the settings needs no database."""

from __future__ import annotations

import re
from enum import StrEnum

from ops_core.errors import Invalid

_BEGUN_BY = {
    "drift.prediction": "prediction_error",
    "fairness.": "bias_fairness",
    "llm.hallucination": "hallucination_spike",
    "llm.cost": "cost_spike",
    "cost.": "cost_spike",
    "service.": "infrastructure",
    "infrastructure.": "infrastructure",
    "feature_store.": "infrastructure",
    "pipeline.": "infrastructure",
    "backup.": "infrastructure",
}
"""Incident types by how the name of the leading check begins (seeds 001 and 004)."""


class IncidentType(StrEnum):
    """The types of seed 004, and the scenarios that seed 001 adds."""

    PREDICTION_ERROR = "prediction_error"
    PERFORMANCE_DEGRADATION = "performance_degradation"
    BIAS_FAIRNESS = "bias_fairness"
    SECURITY = "security"
    COMPLIANCE = "compliance"
    INFRASTRUCTURE = "infrastructure"
    HALLUCINATION_SPIKE = "hallucination_spike"
    COST_SPIKE = "cost_spike"
    DATA_LEAK = "data_leak"

    @property
    def label(self) -> str:
        """The type as people read it."""
        return self.value.replace("_", " ")

    @classmethod
    def of_check(cls, check: str) -> IncidentType:
        """What an alarm of this check most likely begins; people may choose another."""
        found = next((kind for start, kind in _BEGUN_BY.items() if check.startswith(start)), None)
        return cls(found or "performance_degradation")

    @classmethod
    def parse(cls, text: str) -> IncidentType:
        """Read a type in any spelling of its words. Raises `Invalid` for anything else."""
        try:
            return cls(re.sub(r"\W+", "_", text.strip().lower()))
        except ValueError as error:
            known = ", ".join(kind.label for kind in cls)
            raise Invalid(
                f"“{text}” is not an incident type.", hint=f"Use one of: {known}.", field="type"
            ) from error
