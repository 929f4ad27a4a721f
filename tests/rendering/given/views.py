"""What each view is given."""

# ruff: noqa: E501 - one thing a line reads best

from typing import Any

from tests.rendering.given.entities import (
    ALERT,
    INCIDENT,
    NOW,
    SOON,
)

VIEWS: dict[str, dict[str, Any]] = {
    "incident_declare": {
        "title": ALERT["title"], "severity": "P1", "type": None, "model": "cancer-screen", "impact": None,
        "models": ["cancer-screen", "churn"], "metadata": '{"alert": 3}',
    },
    "incident_resolve": {"incident": INCIDENT, "root_cause": None, "fix": "Rolled back to v1."},
    "alert_silence": {"alert": ALERT, "scope": 'source="tocsin" model="cancer-screen" alertname="performance.f1"', "initial_until": SOON},
    "incident_update": {"incident": INCIDENT, "status": None},
    "home": {
        "incidents": [INCIDENT], "alerts": [ALERT], "updated_at": NOW,
        "tasks": [
            {"label": "Approve the rollback of cancer-screen", "at": SOON, "overdue": False, "incident_ref": "INC-1",
             "button_id": "rollback.approve", "value": "7", "button": "Approve"},
        ],
    },
}  # fmt: skip
VIEWS |= {
    "home.quiet": {"incidents": [], "alerts": [], "tasks": [], "updated_at": NOW},
    "incident_declare.blank": dict.fromkeys(("title", "severity", "type", "model", "impact", "metadata"))
    | {"models": []},
}  # fmt: skip
