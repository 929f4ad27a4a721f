"""What each message is given."""

# ruff: noqa: E501 - one thing a line reads best

from datetime import timedelta
from typing import Any

from tests.rendering.given.entities import (
    ALERT,
    ANN,
    BEN,
    CALLED,
    CAY,
    CHECKS,
    DIGEST,
    INCIDENT,
    LEE,
    METRICS,
    NOW,
    ONSET,
    PAGE,
    ROLLBACK,
    SOON,
    SUMMARY,
)


def _step(position: int, kind: str, state: str, title: str, **more: Any) -> dict[str, Any]:
    blank = {"done_by": None, "done_at": None, "evidence": None, "value": f"1:{position}"}
    return blank | {"position": position, "kind": kind, "state": state, "title": title} | more


MESSAGES: dict[str, dict[str, Any]] = {
    "alert_card": {"alert": ALERT},
    "run_progress": {"run": {
        "what": "drift.data of cancer-screen", "by": ANN, "took": timedelta(seconds=7), "over": False,
        "progress": {"phase": "reading what was served", "rows": 1_310_720}, "verdict": None, "counts": [], "error": None,
    }},
    "alert_digest": {"digest": DIGEST},
    "alert_linked": {"incident": INCIDENT},
    "incident_card": {"incident": INCIDENT},
    "incident_announcement": {"incident": INCIDENT},
    "incident_note": {"note": {"text": "Contained", "by": ANN, "at": NOW, "detail": "46 min after detection"}},
    "playbook_checklist": {
        "incident": INCIDENT,
        "playbook": {"title": "Performance degradation"},
        "steps": [
            _step(1, "manual", "done", "Verify that it is real", done_by=ANN, done_at=NOW),
            _step(2, "diagnostic", "done", "Live metrics against reference", evidence="F1 0.654 against 0.957"),
            _step(3, "diagnostic", "open", "Drift by feature"),
            _step(4, "diagnostic", "failed", "Serving health", evidence="no answer in 2 s"),
            _step(5, "diagnostic", "running", "Versions of the last 7 days"),
            _step(6, "action", "open", "Roll back", button_id="rollback.request", button="Roll back …"),
            _step(7, "manual", "skipped", "Tell the maintenance team", done_by=BEN, done_at=NOW),
        ],
    },
    "step_evidence": {
        "evidence": {
            "title": "Drift by feature", "verdict": "critical", "headline": "1 of 30 features drifted",
            "lines": ["mean_radius: PSI 4.1 (limit 0.2)", "the other 29 are below 0.05"],
            "rows": [["feature", "PSI", "n"], ["mean_radius", 4.1234, 412], ["mean_texture", 0.0312, 412]],
            "files": [
                {"title": "mean_radius, now and reference", "file": "F0DRIFT", "url": None},
                {"title": "all features", "file": None, "url": "https://mlflow.example/runs?a=1&b=2"},
            ],
        }
    },
    "rollback_preview": {
        "proposal": {
            "id": 7, "model": "cancer-screen", "alias": "champion",
            "from": {"version": "2", "metrics": {"F1": 0.654, "accuracy": 0.71}, "since": ONSET},
            "to": {"version": "1", "metrics": {"F1": 0.957}, "since": ONSET - timedelta(days=3)},
            "why": ["served for 3 days without an alert", "best F1 of all versions"], "checks": CHECKS[:1],
            "requires_approval": True, "requested_by": ANN, "approvers": [ANN, BEN],
        }
    },
    "rollback_progress": {"rollback": ROLLBACK},
    "rollback_proof": {"rollback": ROLLBACK},
    "rollback_undone": {"rollback": ROLLBACK},
    "incident_resolved": {"incident": INCIDENT | {"resolved_at": NOW, "status": "resolved"}},
    "incident_closed": {"incident": INCIDENT | {"closed_at": NOW}, "metrics": METRICS},
    "postmortem_posted": {"incident": INCIDENT, "open_points": ["root cause", "owner of 2 actions"], "due_at": SOON},
    "reminder": {
        "deadline": {"label": "Status update", "at": NOW, "overdue": True, "who": [ANN], "todo": "Press Post update."},
        "incident": INCIDENT,
    },
    "page": {"page": PAGE},
    "page_note": {
        "ref": "INC-1", "title": "Screening model misses tumours",
        "note": {"text": "Paged Cay (not resolved after 60 min)", "at": NOW, "who": [CAY]},
    },
    "shift_handover": {
        "handover": {
            "schedule": "ml", "at": NOW, "late": False, "goes": LEE, "comes": [CALLED], "until": SOON, "note": None,
            "incidents": [INCIDENT],
            "alerts": [{"ref": "A-3", "title": ALERT["title"], "severity": ALERT["severity"], "acknowledged_by": ANN}],
        }
    },
    "schedule_trouble": {"schedule": "ml", "why": "PagerDuty answered 503: Service Unavailable"},
    "daily_summary": SUMMARY,
    "check_trouble": {
        "check": {
            "name": "performance.f1", "model": "cancer-screen", "since": ONSET, "failures": 3, "recovered_at": None,
            "said": "labels.parquet ends in the middle of a row group.", "hint": "Write to a new name, then rename.",
        }
    },
    "missed_runs": {
        "down_since": ONSET, "up_at": NOW,
        "runs": [{"name": "performance.f1 of cancer-screen", "count": 12}, {"name": "Daily summary", "count": 1}],
    },
}  # fmt: skip
