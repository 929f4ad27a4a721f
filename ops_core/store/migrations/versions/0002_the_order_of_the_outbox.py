"""The order of the outbox: priorities, doubt after a lost answer, and who was reached in another way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what the sender needs; a row that was being sent waits again, in doubt."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("in_doubt", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("fell_back_at", UTCDateTime(), nullable=True))
        batch_op.drop_index("ix_outbox_room")
        batch_op.drop_index("ix_outbox_state")
        batch_op.create_index("ix_outbox_line", ["state", "room", "priority", "id"], unique=False)
    op.execute("UPDATE outbox SET state = 'waiting', in_doubt = true WHERE state = 'sending'")
