"""Indexes for a long history: what is asked every second no longer reads all that ever happened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Tasks by state and time, messages by their place in Slack, changed groups as they are asked for."""
    op.drop_index("ix_task_due_at", table_name="task")
    op.create_index("ix_task_line", "task", ["state", "due_at"])
    op.create_index("ix_outbox_ts", "outbox", ["ts"])
    op.drop_index("ix_alert_group_dirty", table_name="alert_group")
    op.create_index(
        "ix_alert_group_dirty",
        "alert_group",
        ["dirty"],
        sqlite_where=sa.text("dirty = 1"),
        postgresql_where=sa.text("dirty"),
    )
    op.drop_index("ix_alert_group_and_state", table_name="alert")
    op.create_index("ix_alert_group_and_state", "alert", ["group_id", "state", "reason", "severity"])
