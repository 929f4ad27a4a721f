"""A firing's name begins with its start, so that those of a storm stand together in the index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Turn `<fingerprint>-<milliseconds>` round; `:<group>` of the first schema's alerts stays at the end."""
    alerts = sa.table("alert", sa.column("id", sa.Integer), sa.column("firing", sa.String))
    firing, connection = alerts.c.firing, op.get_bind()
    numbered = connection.execute(sa.select(alerts.c.id, firing).where(firing.contains(":"))).all()
    turned = sa.func.substr(firing, 18) + "-" + sa.func.substr(firing, 1, 16)
    connection.execute(sa.update(alerts).values(firing=turned))
    for number, name in numbered:
        start, _, group = name[17:].partition(":")
        named = f"{start}-{name[:16]}:{group}"
        connection.execute(sa.update(alerts).where(alerts.c.id == number).values(firing=named))
