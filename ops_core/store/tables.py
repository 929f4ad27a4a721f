"""Every table, imported in one place so that the schema is whole."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from ops_core.alerts import alert, group, silence
from ops_core.incidents import incident, playbook, timeline
from ops_core.oncall import cover, escalation, fetched
from ops_core.remediation import ledger, rollback
from ops_core.rhythm import checkups, runs, slot, task
from ops_core.store import audit, outbox, profiles, requests
from ops_core.streams import stretch, usual

MODULES = (
    alert,
    audit,
    checkups,
    cover,
    escalation,
    fetched,
    group,
    incident,
    ledger,
    outbox,
    playbook,
    profiles,
    requests,
    rollback,
    runs,
    silence,
    slot,
    stretch,
    task,
    timeline,
    usual,
)


def metadata() -> MetaData:
    """The schema that the program expects."""
    return SQLModel.metadata
