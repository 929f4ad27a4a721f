"""The people, alerts, incidents and models of the golden tests."""

# ruff: noqa: E501 - one thing a line reads best

from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2026, 11, 20, 2, 35, tzinfo=UTC)
ONSET = NOW - timedelta(hours=1)
SOON = NOW + timedelta(minutes=50)
ANN, BEN, CAY = "U0ANN", "U0BEN", "U0CAY"
NAMES = {ANN: "Ann Abebe", BEN: "Ben Brandt"}.get

HIGH = {"code": "P1", "label": "high"}

ALERT: dict[str, Any] = {
    "id": 3, "ref": "A-3", "title": "F1 of cancer-screen is 0.654", "state": "firing", "severity": HIGH,
    "model": "cancer-screen", "version": "2", "check": "performance.f1", "signal": "F1", "value": 0.6541,
    "limit": 0.75, "reference": 0.957, "unit": "ratio", "n": 412, "interval": {"low": 0.601, "high": 0.707},
    "p_value": 0.00001, "since": ONSET, "window_start": ONSET - timedelta(hours=1), "window_end": ONSET,
    "explanation": "F1 fell by 0.303 against the reference; recall fell most.", "acknowledged_by": None,
    "acknowledged_at": None, "silenced_until": None, "incident_ref": None, "incident_channel": None, "is_declarable": True,
    "source": None, "labels": [], "url": None, "runbook": None, "remark": None, "who": [], "flapping": False, "returns": 0, "firing": 1, "total": 1,
    "more": 0, "members": [],
    "chart_file": "F0CHART", "data_or_model": "Data first: the inputs changed and performance fell with them.",
}  # fmt: skip

FOREIGN_ALERT: dict[str, Any] = ALERT | dict.fromkeys(
    ("value", "limit", "reference", "unit", "n", "interval", "p_value", "window_start", "window_end", "version", "model",
     "chart_file", "data_or_model")
) | {
    "title": "ranker: the disk is full", "check": "DiskFull", "signal": "DiskFull", "source": "prometheus",
    "explanation": "97 % of /data is used.", "url": "https://prometheus.example/graph?g0.expr=x&y=1",
    "runbook": "https://runbooks.example/disk-full",
    "labels": [{"name": "instance", "value": "gpu-3"}, {"name": "service", "value": "ranker"}],
}  # fmt: skip
MEMBER: dict[str, Any] = {
    "name": "the disk of gpu-3 is full", "severity": "P1", "state": "firing", "since": ONSET, "took": None,
    "hushed": None,
}  # fmt: skip
SILENCE: dict[str, Any] = {
    "id": 2, "ref": "S-2", "scope": 'model="churn" alertname=~"drift.*"', "until": SOON, "by": BEN,
    "reason": "backfill", "hushed": 2, "up_to": "P1",
}  # fmt: skip

LINES: list[dict[str, Any]] = [
    {"ref": "A-4", "title": "churn: features arrive late", "severity": HIGH, "state": "firing", "firing": 250,
     "incident_ref": "INC-2"},
    {"ref": "A-5", "title": "disk of gpu-3 is full", "severity": {"code": "P2"}, "state": "acknowledged", "firing": 1,
     "incident_ref": None},
    {"ref": "A-6", "title": "p95 of ranker", "severity": {"code": "P3"}, "state": "resolved", "firing": 0,
     "incident_ref": None},
]  # fmt: skip
DIGEST: dict[str, Any] = {
    "opened_at": ONSET, "last_at": NOW, "firing": 2, "total": 3, "alerts": 251, "more": 7, "worst": LINES[0],
    "pages": [{"groups": LINES}],
}  # fmt: skip

CALLED: dict[str, Any] = {"slack": ANN, "label": "Ann", "ways": ["Slack", "e-mail"], "failed": []}
LEE: dict[str, Any] = {"slack": None, "label": "Lee", "ways": ["PagerDuty"], "failed": ["e-mail"]}

INCIDENT: dict[str, Any] = {
    "id": 1, "ref": "INC-1", "title": "Screening model misses tumours", "severity": HIGH, "phase": "diagnose",
    "phases": [
        {"name": "detect", "state": "done"}, {"name": "notify", "state": "done"},
        {"name": "diagnose", "state": "now"}, {"name": "resolve", "state": "ahead"},
        {"name": "document", "state": "ahead"},
    ],
    "commander": ANN, "model": "cancer-screen", "version": "2", "type": "performance_degradation",
    "impact": "A third of the screenings get a needless second look.", "opened_at": ONSET, "opened_by": BEN,
    "resolved_at": None, "resolved_by": ANN, "closed_at": None, "closed_by": ANN, "elapsed": timedelta(minutes=65),
    "took": timedelta(minutes=65), "root_cause": "v2 scales mean_radius twice.", "fix": "Rolled back to v1.",
    "postmortem_due_at": SOON, "next_deadline": {"label": "Status update", "at": SOON, "overdue": False},
    "next_step": {
        "label": "Roll back …", "button_id": "rollback.request", "value": "1", "style": "primary"
    },
    "responders": [ANN, BEN], "alert_ref": "A-3", "status": "open", "channel": "C0INC1",
    "escalation": {
        "paged": [CALLED, LEE], "next": {"who": "manager", "at": SOON, "unless": "resolved"},
    },
}  # fmt: skip

CHECKS: list[dict[str, Any]] = [
    {"name": "registry", "ok": True, "said": "alias champion names v1"},
    {"name": "serving", "ok": True, "said": "answers with v1 in 12 ms"},
    {"name": "metric", "ok": None, "said": "F1 needs 200 fresh rows, 40 are there"},
]
ROLLBACK: dict[str, Any] = {
    "id": 7, "model": "cancer-screen", "alias": "champion", "from_version": "2", "to_version": "1",
    "verdict": "verified", "checks": CHECKS, "took": timedelta(seconds=8), "approved_by": BEN, "by": ANN,
    "doing": "The alias is moved. Looking at the serving side …", "applied_at": NOW, "state": "verifying",
}  # fmt: skip
MOVE = {
    "model": "cancer-screen", "alias": "champion", "from_version": "1", "to_version": "2", "by": CAY, "at": ONSET,
}  # fmt: skip

PAGE: dict[str, Any] = {
    "id": 4, "ref": "INC-1", "title": "Screening model misses tumours", "severity": HIGH, "model": "cancer-screen",
    "at": NOW, "step": 1, "started_by": BEN, "by_hand": False, "also": [CALLED, LEE], "acknowledged_by": None,
    "acknowledged_at": None, "ended_at": None, "ended_because": None, "channel": "C0INC1",
    "card": {"channel": "C0ALERTS", "ts": "1700000000.000100"},
    "evidence": {"signal": "F1", "value": 0.654, "limit": 0.85, "reference": 0.96, "unit": "", "labels": [],
                 "explanation": "F1 is 0.654, below its limit of 0.85.", "runbook": None},
}  # fmt: skip

MILESTONES: dict[str, datetime | None] = {
    "onset": ONSET - timedelta(minutes=20),
    "detected": ONSET,
    "contained": NOW,
    "closed": None,
}

METRICS = {
    "detection": timedelta(minutes=20), "response": timedelta(minutes=4), "containment": timedelta(minutes=60),
    "resolution": None,
}  # fmt: skip
SUMMARY: dict[str, Any] = {
    "date": "2026-11-20", "alerts": 2, "incidents": [INCIDENT],
    "models": [
        {"name": "churn", "version": "4", "verdict": "ok", "lines": ["accuracy 0.912 (limit 0.85, n = 1,204)"]},
        {"name": "cancer-screen", "version": "2", "verdict": "critical", "lines": ["F1 0.654 (limit 0.75, n = 412)"]},
    ],
    "alert_responses": [
        {"severity": "P1", "target": timedelta(hours=1), "in_time": 3, "late": 1, "waiting": 0},
        {"severity": "P2", "target": timedelta(hours=4), "in_time": 2, "late": 0, "waiting": 5},
    ],
    "responses": [
        {"ref": "INC-1", "severity": "P1", "took": timedelta(minutes=4), "target": timedelta(hours=1), "in_time": True},
        {"ref": "INC-2", "severity": "P0", "took": None, "target": timedelta(minutes=15), "in_time": False},
        {"ref": "INC-3", "severity": "P2", "took": None, "target": timedelta(hours=4), "in_time": None},
    ],
    "deadlines": [{"label": "Post-mortem", "at": SOON, "overdue": False, "incident_ref": "INC-1"}],
    "alias_moves": [MOVE], "no_data": [{"check": "drift.psi", "model": "churn", "since": ONSET}],
    "errors": ["churn: labels.parquet ends in the middle of a row group."],
}  # fmt: skip

RESOLVED = INCIDENT | {
    "status": "resolved", "phase": "document", "resolved_at": NOW, "next_deadline": None,
    "next_step": {"label": "Write post-mortem", "button_id": "incident.postmortem", "value": "1", "style": "primary"},
    "phases": [phase | {"state": "now" if phase["name"] == "document" else "done"} for phase in INCIDENT["phases"]],
}  # fmt: skip
FRESH = INCIDENT | {
    "escalation": None, "phase": "notify", "commander": None, "model": None, "version": None, "impact": None, "responders": [],
    "alert_ref": None, "elapsed": timedelta(seconds=20), "severity": {"code": "P0", "label": "critical"},
    "next_deadline": {"label": "Somebody takes command", "at": ONSET, "overdue": True},
    "next_step": {
        "label": "Take command", "button_id": "incident.take_command", "value": "1", "style": "primary",
    },
}  # fmt: skip
BARE_ALERT = ALERT | {
    "value": None, "limit": None, "reference": None, "unit": None, "n": None, "interval": None, "p_value": None,
    "window_start": None, "window_end": None, "explanation": None, "chart_file": None, "data_or_model": None,
    "version": None,
}  # fmt: skip
