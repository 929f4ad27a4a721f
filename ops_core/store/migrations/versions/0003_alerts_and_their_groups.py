"""Alerts one by one beneath their groups, silences by matchers, digests."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SEVERITIES = ("P0", "P1", "P2", "P3")
STATES = ("firing", "acknowledged", "resolved")
REASONS = ("told", "inhibited", "silenced", "quiet hours", "maintenance", "never fired")
OUTCOMES = ("waiting", "told", "digested", "hushed", "flapping")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=40)


def upgrade() -> None:
    """Bring the schema forward, with what it holds."""
    _groups()
    _alerts()
    _digests()
    _silences()
    alerts = _found()
    with op.batch_alter_table("alert_group") as table:
        for name in ("quiet_runs", "told", "findings"):
            table.drop_column(name)
    if alerts:  # only now: SQLite makes a table whose columns are dropped anew, which a reference forbids
        op.bulk_insert(sa.Table("alert", sa.MetaData(), autoload_with=op.get_bind()), alerts)
    op.drop_index("ix_incident_alert_id", "incident")
    # As SQL: Alembic would make the table anew, to which many rows refer.
    op.execute("ALTER TABLE incident RENAME COLUMN alert_id TO alert_group_id")
    op.create_index("ix_incident_alert_group_id", "incident", ["alert_group_id"])


def _groups() -> None:
    op.rename_table("alert", "alert_group")
    with op.batch_alter_table("alert_group") as table:
        table.drop_index("ix_alert_model")
        table.drop_index("ix_alert_state")
        table.alter_column("model", existing_type=AutoString(), nullable=True)
        for name, kind, default in (
            ("key", AutoString(), ""),
            ("source", AutoString(), "tocsin"),
            ("labels", sa.JSON(), "{}"),
            ("outcome", _words("outcome", OUTCOMES), "told"),
            ("dirty", sa.Boolean(), sa.false()),
            ("shape", AutoString(), ""),
            ("flaps", sa.Integer(), "0"),
            ("rooms", sa.JSON(), '["alerts"]'),
            ("people", sa.JSON(), "[]"),
            ("policies", sa.JSON(), "[]"),
        ):
            table.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        table.add_column(sa.Column("open_key", AutoString(), nullable=True))
        table.add_column(sa.Column("told_at", UTCDateTime(), nullable=True))
        table.add_column(sa.Column("settles_at", UTCDateTime(), nullable=True))
        table.add_column(sa.Column("digest_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("alert_group") as table:
        for name in (
            "key",
            "source",
            "labels",
            "outcome",
            "dirty",
            "shape",
            "flaps",
            "rooms",
            "people",
            "policies",
        ):
            table.alter_column(name, server_default=None)
        table.create_unique_constraint("uq_alert_group_open_key", ["open_key"])
        for name in ("key", "model", "state", "told_at", "digest_id", "fired_at"):
            table.create_index(f"ix_alert_group_{name}", [name])
    marked = sa.text("dirty")
    op.create_index(
        "ix_alert_group_dirty", "alert_group", ["dirty"], sqlite_where=marked, postgresql_where=marked
    )


def _alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firing", AutoString(), nullable=False),
        sa.Column("fingerprint", AutoString(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("source", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("annotations", sa.JSON(), nullable=False),
        sa.Column("severity", _words("severity", SEVERITIES), nullable=False),
        sa.Column("state", _words("alertstate", STATES), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=True),
        sa.Column("heard_at", UTCDateTime(), nullable=False),
        sa.Column("last_heard_at", UTCDateTime(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("shape", AutoString(), nullable=False),
        sa.Column("reason", _words("reason", REASONS), nullable=False),
        sa.Column("reason_detail", AutoString(), nullable=False),
        sa.Column("hushed_until", UTCDateTime(), nullable=True),
        sa.Column("inhibits", sa.Boolean(), nullable=False),
        sa.Column("quiet_runs", sa.Integer(), nullable=False),
        sa.Column("remark", AutoString(), nullable=False),
        sa.Column("url", AutoString(), nullable=False),
        sa.Column("finding", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["alert_group.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("firing"),
    )
    fires, hushes = sa.text("state = 'firing'"), sa.text("inhibits AND state = 'firing'")
    op.create_index("ix_alert_group_and_state", "alert", ["group_id", "state"])
    for name, column, where in (
        ("ix_alert_fingerprint_firing", "fingerprint", fires),
        ("ix_alert_inhibits_firing", "inhibits", hushes),
    ):
        op.create_index(name, "alert", [column], sqlite_where=where, postgresql_where=where)


def _digests() -> None:
    op.create_table(
        "alert_digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _silences() -> None:
    with op.batch_alter_table("silence") as table:
        table.add_column(sa.Column("matchers", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("lifted_by", AutoString(), nullable=True))
    silence = sa.table("silence", sa.column("id"), sa.column("model"), sa.column("matchers", sa.JSON()))
    for row in op.get_bind().execute(sa.select(silence)).all():
        matchers = [{"name": "model", "op": "=", "value": row.model}]
        op.get_bind().execute(sa.update(silence).where(silence.c.id == row.id).values(matchers=matchers))
    with op.batch_alter_table("silence") as table:
        table.alter_column("matchers", server_default=None)
        table.drop_index("ix_silence_model")
        table.drop_column("model")
        table.create_index("ix_silence_ends_at", ["ends_at"])


def _found() -> list[dict[str, Any]]:
    """Give the groups their keys; each finding that a card held becomes an alert of its own."""
    alerts: list[dict[str, Any]] = []
    group = sa.table(
        "alert_group",
        *map(sa.column, ("id", "model", "key", "open_key", "quiet_runs", "told")),
        sa.column("state", _words("alertstate", STATES)),
        sa.column("labels", sa.JSON()),
        sa.column("findings", sa.JSON()),
        *(sa.column(name, UTCDateTime()) for name in ("since", "fired_at", "told_at", "resolved_at")),
    )
    for row in op.get_bind().execute(sa.select(group)).all():
        key = _digest(json.dumps(["tocsin", [["model", row.model]]]).encode())
        over = row.state == "resolved"
        values = {
            "key": key,
            "open_key": None if over else key,
            "labels": {"model": row.model},
            "told_at": row.fired_at if row.told else None,
        }
        op.get_bind().execute(sa.update(group).where(group.c.id == row.id).values(**values))
        alerts += [_alert(row, finding, over) for finding in row.findings]
    return alerts


def _alert(group: Any, finding: dict[str, Any], over: bool) -> dict[str, Any]:
    labels = {"alertname": finding["check"], "model": finding["model"]}
    labels |= {"subject": finding["subject"]} if finding.get("subject") else {}
    named = [part for pair in sorted(labels.items()) for part in pair]
    fingerprint = _digest("".join(f"{len(part)}:{part}" for part in ["tocsin", *named]).encode())
    since = datetime.fromisoformat(finding.get("since") or finding["window_end"])
    critical = finding["verdict"] == "critical"
    return {
        "firing": f"{fingerprint}-{(since - EPOCH) // timedelta(milliseconds=1)}:{group.id}",
        "fingerprint": fingerprint,
        "group_id": group.id,
        "source": "tocsin",
        "name": finding["check"],
        "labels": labels,
        "annotations": {},
        "severity": "P1" if critical else "P2",
        "state": "resolved" if over else "firing",
        "starts_at": since,
        "ends_at": group.resolved_at,
        "heard_at": group.fired_at,
        "last_heard_at": group.fired_at,
        "rank": (0 if finding["check"].startswith(("performance.", "service.")) else 100) + (not critical),
        "shape": f"{finding['verdict']} {finding.get('version')}",
        "reason": "told",
        "reason_detail": "",
        "inhibits": finding["check"] == "service.health",
        "quiet_runs": group.quiet_runs,
        "remark": "",
        "url": "",
        "finding": finding,
    }


def _digest(told: bytes) -> str:
    return hashlib.blake2b(told, digest_size=8).hexdigest()
