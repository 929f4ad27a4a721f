"""What each reply to one person is given."""

# ruff: noqa: E501 - one thing a line reads best

from typing import Any

from tests.rendering.given.entities import (
    ALERT,
    ANN,
    BEN,
    CALLED,
    HIGH,
    INCIDENT,
    LEE,
    MOVE,
    NOW,
    ONSET,
    SILENCE,
    SOON,
)

REPLIES: dict[str, dict[str, Any]] = {
    "error_reply": {"message": "Version 9 of cancer-screen does not exist.", "hint": "It has 1 and 2.", "may_retry": False},
    "help_incident": {}, "help_model": {}, "help_ops": {},
    "incident_status": {"incident": INCIDENT},
    "incident_list": {"incidents": [INCIDENT]},
    "model_status": {
        "model": {
            "name": "cancer-screen", "alias": "champion", "version": "2", "since": ONSET,
            "health": {"ok": True, "said": "answers with v2 in 11 ms"}, "moves": [MOVE],
            "metrics": [
                {"name": "F1", "value": 0.654, "limit": 0.75, "n": 412, "verdict": "critical"},
                {"name": "null rate", "value": None, "limit": 0.05, "n": None, "verdict": "no_data"},
            ],
        }
    },
    "model_versions": {
        "name": "cancer-screen",
        "versions": [
            {"version": "2", "aliases": ["champion"], "created_at": ONSET, "serving": True, "note": None,
             "metrics": {"F1": 0.956, "accuracy": 0.947}},
            {"version": "1", "aliases": [], "created_at": ONSET, "serving": False, "note": "last good", "metrics": {}},
        ],
    },
    "checks_list": {
        "checks": [
            {"name": "performance.f1", "count": 1, "model": "cancer-screen", "verdict": "critical", "said": "0.654, limit 0.75",
             "last_run_at": NOW, "next_run_at": SOON},
            {"name": "drift.psi", "count": 1, "model": "churn", "verdict": None, "said": None, "last_run_at": None,
             "next_run_at": SOON},
        ]
    },
    "review": {
        "title": "Weekly review", "start": ONSET, "end": NOW, "incidents": 2, "alerts": 5,
        "models": [
            {"name": "cancer-screen", "version": "2", "verdict": "critical", "counts": [["critical", 1], ["ok", 12]],
             "lines": ["F1 0.65 against 0.97 (limit 0.75), n = 4,210"], "more": 2, "moves": 1, "error": None},
            {"name": "churn", "version": None, "verdict": "no_data", "counts": [], "lines": [], "more": 0, "moves": 0,
             "error": "The registry did not answer."},
        ],
    },
    "finding_explained": {
        "finding": {
            "check": "performance.f1", "model": "cancer-screen", "version": "2", "verdict": "critical",
            "asks": "Harmonic mean of precision and recall.", "said": "F1 0.654 against 0.97 (limit 0.75), n = 412",
            "at": NOW, "since": ONSET, "origin": "Model: the answers got worse while the inputs look as on the reference.",
            "facts": [["value", "0.654"], ["limit", "0.75"], ["95 % interval", "0.61 – 0.7"], ["n", "412"]],
            "parts": [["segment", "value", "95 %", "n"], ["site B", "0.41", "0.3 – 0.5", "120"]],
            "problems": ["predictions/9.parquet: cannot be read as Parquet; left out"], "chart_file": "F0CHART",
        },
        "by": ANN,
    },
    "oncall_now": {
        "duties": [
            {
                "schedule": "ml", "people": [CALLED, LEE], "until": SOON, "cover": "C-2", "note": None,
                "next": {"label": "Ben", "at": SOON},
            },
            {
                "schedule": "data", "people": [LEE], "until": None, "cover": None, "next": None,
                "note": "as of 2026-11-20 01:00 UTC; since then data could not be fetched: no answer",
            },
        ]
    },
    "oncall_list": {
        "schedule": "ml", "note": None, "more": 3,
        "turns": [
            CALLED | {"starts_at": ONSET, "ends_at": NOW, "cover": None},
            LEE | {"starts_at": NOW, "ends_at": SOON, "cover": "C-2"},
        ],
        "covers": [LEE | {"ref": "C-2", "starts_at": NOW, "ends_at": SOON}],
    },
    "covered": {
        "cover": {
            "ref": "C-2", "schedule": "ml", "label": "Ann", "slack": ANN, "starts_at": NOW, "ends_at": SOON,
            "lifted": False,
        }
    },
    "paged": {"page": {"severity": HIGH, "title": "the vendor is down", "paged": [CALLED, LEE]}},
    "alerts_list": {
        "alerts": [ALERT, ALERT | {"state": "silenced", "silenced_until": SOON, "severity": HIGH}], "more": 0,
    },
    "alert_why": {
        "why": {
            "ref": "A-3", "title": "ranker: the disk is full", "severity": HIGH, "source": "prometheus", "state": "firing",
            "outcome": "it has a card", "told_at": ONSET, "labels": [{"name": "alertname", "value": "DiskFull"}],
            "rooms": ["alerts", "#ml-platform"], "who": [ANN], "policies": ["platform"],
            "reasons": [{"reason": "silenced", "count": 1}, {"reason": "told", "count": 9}],
            "alerts": [
                {"name": "DiskFull", "labels": "alertname=DiskFull, instance=gpu-3", "state": "firing", "since": ONSET,
                 "heard_at": ONSET, "last_heard_at": NOW, "reason": "not told, silenced by S-2", "until": SOON,
                 "remark": None},
            ],
            "more": 9,
        }
    },
    "alert_evidence": {
        "evidence": {
            "ref": "A-3", "title": "ranker: the disk is full", "source": "prometheus",
            "alerts": [
                {"name": "DiskFull", "severity": "P1", "state": "firing", "since": ONSET, "ended_at": None,
                 "labels": [{"name": "instance", "value": "gpu-3"}], "remark": None,
                 "annotations": [{"name": "summary", "value": "97 % of /data is used."}],
                 "url": "https://prometheus.example/graph"},
            ],
        }
    },
    "alert_note": {
        "ref": "A-7", "title": "ranker: disk full",
        "note": {"kind": "acknowledged", "at": NOW, "by": ANN, "until": None, "up_to": None, "reason": None, "took": None},
    },
    "silence_made": {"silence": SILENCE | {"past": 7}},
    "silence_everything": {
        "why": "This would silence every model. 12 of the 30 alerts of the last 30 days would have been hushed.",
        "asked": {"scope": 'model=~".+"', "until": SOON, "reason": None}, "packed": "[]",
    },
    "silences_list": {"silences": [SILENCE, SILENCE | {"id": 3, "ref": "S-3", "hushed": 0, "reason": None}]},
    "not_allowed": {"doing": "approve your own rollback", "reason": "A second person must.", "who_may": [ANN, BEN]},
    "unknown_command": {
        "command": "/incident", "given": "declrae", "suggestion": "declare", "known": ["declare", "list", "status"],
    },
    "outbox_health": {
        "resent": None, "gaps": ["nobody is “lead”, whom the policy default pages after 30 min"],
        "health": {
            "waiting": 3, "pages": 1, "oldest": SOON - NOW, "trouble": "Slack failed at chat.postMessage: http_500",
            "dead": 1, "calls": {"ok": 412, "limited": 3, "refused": 1, "failed": 9},
            "letters": [{"id": 17, "what": "post incident_note", "room": "incident:1", "at": ONSET,
                         "why": "Slack refused chat.postMessage: is_archived"}],
        },
    },
    "audit_list": {
        "entries": [{"at": NOW, "actor": ANN, "did": "approved a rollback", "subject": "cancer-screen v2 → v1"}],
        "intact": True, "followed": None,
    },
}  # fmt: skip
