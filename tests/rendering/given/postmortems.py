"""What the post-mortem is given."""

# ruff: noqa: E501 - one thing a line reads best

from typing import Any

from tests.rendering.given.entities import (
    ANN,
    BEN,
    FRESH,
    INCIDENT,
    METRICS,
    MILESTONES,
    NOW,
    ONSET,
    ROLLBACK,
)

POSTMORTEM: dict[str, Any] = {
    "incident": INCIDENT | {"resolved_at": NOW}, "metrics": METRICS, "milestones": MILESTONES,
    "responders": [ANN, BEN], "rollback": ROLLBACK, "generated_at": NOW,
    "timeline": [
        {"at": ONSET, "actor": "tocsin", "text": "F1 of cancer-screen v2 is 0.654, limit 0.75 (n = 412)"},
        {"at": NOW, "actor": ANN, "text": "took command"},
    ],
    "findings": [
        {"check": "performance.f1", "signal": "F1", "value": 0.654, "limit": 0.75, "n": 412, "verdict": "critical"}
    ],
    "actions": [{"text": "Add drift check for mean_radius", "owner": BEN, "due": "2026-11-27", "status": "open"}],
}  # fmt: skip
POSTMORTEMS: dict[str, dict[str, Any]] = {
    "default": POSTMORTEM,
    "default.empty": {
        "incident": FRESH | {"commander": None, "type": None, "root_cause": None, "fix": None, "elapsed": None},
        "metrics": dict.fromkeys(METRICS), "milestones": {}, "responders": [], "rollback": None, "timeline": [],
        "findings": [], "actions": [], "generated_at": NOW,
    },
}  # fmt: skip
