"""Other states of the same messages."""

# ruff: noqa: E501 - one thing a line reads best

from datetime import timedelta
from typing import Any

from tests.rendering.given.entities import (
    ALERT,
    ANN,
    BARE_ALERT,
    CHECKS,
    FOREIGN_ALERT,
    FRESH,
    MEMBER,
    NOW,
    PAGE,
    RESOLVED,
    ROLLBACK,
    SILENCE,
    SOON,
    SUMMARY,
)
from tests.rendering.given.messages import MESSAGES
from tests.rendering.given.replies import REPLIES

VARIANTS: dict[str, dict[str, Any]] = {
    "alert_card.acknowledged": {
        "alert": ALERT | {"state": "acknowledged", "acknowledged_by": ANN, "acknowledged_at": NOW}
    },
    "run_progress.over": {"run": MESSAGES["run_progress"]["run"] | {"over": True, "verdict": "warning", "counts": [["warning", 1], ["ok", 20]]}},
    "run_progress.failed": {"run": MESSAGES["run_progress"]["run"] | {"over": True, "error": "The worker died."}},
    "alert_card.silenced": {"alert": ALERT | {"state": "silenced", "silenced_until": SOON}},
    "alert_card.in_incident": {"alert": ALERT | {"incident_ref": "INC-1", "incident_channel": "C0INC1", "is_declarable": False}},
    "alert_card.resolved": {"alert": ALERT | {"state": "resolved"}},
    "alert_card.bare": {"alert": BARE_ALERT},
    "alert_card.foreign": {"alert": FOREIGN_ALERT},
    "alert_card.many": {
        "alert": FOREIGN_ALERT | {
            "firing": 249, "total": 251, "more": 248, "who": [ANN], "flapping": True, "returns": 4,
            "remark": "Its source says that it began at 1970-01-01 00:00 UTC; counted from now instead.",
            "members": [MEMBER, MEMBER | {"hushed": "silenced"}, MEMBER | {"state": "resolved", "took": timedelta(minutes=7)}],
        }
    },
    "incident_card.fresh": {"incident": FRESH},
    "incident_card.resolved": {"incident": RESOLVED},
    "incident_card.closed": {"incident": RESOLVED | {"status": "closed", "closed_at": NOW, "next_step": None}},
    "incident_list.none": {"incidents": []},
    "rollback_preview.alone": {
        "proposal": MESSAGES["rollback_preview"]["proposal"] | {"requires_approval": False, "approvers": []}
    },
    "rollback_proof.failed": {
        "rollback": ROLLBACK | {"verdict": "failed", "checks": [CHECKS[0] | {"ok": False, "said": "names v2"}]}
    },
    "rollback_proof.pending": {"rollback": ROLLBACK | {"verdict": "pending"}},
    "check_trouble.recovered": {"check": MESSAGES["check_trouble"]["check"] | {"recovered_at": NOW}},
    "daily_summary.quiet": SUMMARY | {
        "incidents": [], "alerts": 0, "responses": [], "alert_responses": [], "deadlines": [], "alias_moves": [], "no_data": [], "errors": [],
    },
    "page.taken": {"page": PAGE | {"acknowledged_by": ANN, "acknowledged_at": NOW, "also": []}},
    "page.over": {
        "page": PAGE | {"acknowledged_by": "Vera", "acknowledged_at": NOW, "ended_at": SOON, "ended_because": "resolved"}
    },
    "page.by_hand": {"page": PAGE | {"ref": "P-4", "by_hand": True, "channel": None, "model": None, "step": 0,
                                  "card": None, "evidence": None}},
    "page.foreign": {"page": PAGE | {"ref": "A-7", "channel": None, "card": None, "evidence": {
        "signal": "DiskFull", "value": None, "limit": None, "reference": None, "unit": None,
        "explanation": "gpu-1 is full", "labels": [{"name": "instance", "value": "gpu-1"}],
        "runbook": "https://runbooks.example/disk-full"}}},
    "alert_note.silenced": {
        "ref": "A-7", "title": "ranker: disk full",
        "note": {"kind": "silenced", "at": NOW, "by": ANN, "until": NOW, "up_to": "P1", "reason": "a move", "took": None},
    },
    "alert_note.resolved": {
        "ref": "A-7", "title": "ranker: disk full",
        "note": {"kind": "resolved", "at": NOW, "by": None, "until": None, "up_to": None, "reason": None,
                 "took": timedelta(minutes=12)},
    },
    "alert_note.returned": {
        "ref": "A-7", "title": "ranker: disk full",
        "note": {"kind": "firing again", "at": NOW, "by": None, "until": None, "up_to": None, "reason": None,
                 "took": None},
    },
    "page_note.nobody": {
        "ref": "A-3", "title": "F1 fell",
        "note": {"text": "Nobody could be paged: nobody is on call", "at": NOW, "who": []},
    },
    "shift_handover.quiet": {
        "handover": {
            "schedule": "ml", "at": NOW, "late": True, "goes": None, "comes": [], "until": None, "incidents": [],
            "alerts": [], "note": "the schedule ml names nobody at this moment",
        }
    },
    "oncall_now.nobody": {
        "duties": [{"schedule": None, "people": [], "until": None, "cover": None, "note": None, "next": None}]
    },
    "oncall_list.none": {"schedule": "ml", "note": "not fetched yet", "turns": [], "more": 0, "covers": []},
    "covered.lifted": {"cover": REPLIES["covered"]["cover"] | {"lifted": True}},
    "paged.nobody": {"page": REPLIES["paged"]["page"] | {"paged": []}},
    "alerts_list.none": {"alerts": [], "more": 0},
    "alerts_list.many": {"alerts": [FOREIGN_ALERT | {"firing": 250}], "more": 31},
    "silences_list.none": {"silences": []},
    "silence_made.nothing": {"silence": SILENCE | {"hushed": 0, "past": 0, "up_to": None}},
    "checks_list.none": {"checks": []},
    "outbox_health.resent": {
        "resent": 2, "gaps": [],
        "health": {"waiting": 2, "pages": 0, "oldest": None, "trouble": None, "dead": 0, "letters": [],
                   "calls": {"ok": 5, "limited": 0, "refused": 2, "failed": 0}},
    },
    "outbox_health.well": {
        "resent": None, "gaps": [],
        "health": {"waiting": 0, "pages": 0, "oldest": None, "trouble": None, "dead": 0, "letters": [],
                   "calls": {"ok": 5, "limited": 0, "refused": 0, "failed": 0}},
    },
    "audit_list.broken": {"entries": [], "intact": False, "followed": None},
    "audit_list.long": {"entries": [], "intact": True, "followed": 10000},
}  # fmt: skip
