"""What only grew in a storm: groups whose line in the digest says all there is to say."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, String, func, select, type_coerce, update
from sqlmodel import SQLModel

from ops_core.alerts.alert import AlertState, Reason
from ops_core.alerts.stages.deduplicate import is_among, told
from ops_core.alerts.stages.weigh import FIRES_AND_IS_TOLD


def take_as_told(connection: Connection, numbers: Collection[int]) -> None:
    """Take the mark off those of these groups that fire on, as badly as their line in the digest says.

    One by one the stages that tell would do no more, and in a storm most groups are like this each time.
    Left to them is whatever somebody has seen to or works on, where something new may be news.
    """
    connection.execute(_unmarking(connection.dialect.name), {"groups": told(numbers)})


@lru_cache(maxsize=4)
def _unmarking(dialect: str) -> Any:
    """Made once: to build a statement takes longer than to carry it out."""
    group, alert = (SQLModel.metadata.tables[name] for name in ("alert_group", "alert"))
    audible = (alert.c.state == AlertState.FIRING, alert.c.reason == Reason.TOLD)
    worst = select(func.min(alert.c.severity)).where(alert.c.group_id == group.c.id, *audible)
    as_the_line_says = type_coerce(worst.scalar_subquery(), String) + FIRES_AND_IS_TOLD
    return (
        update(group)
        .where(is_among(dialect, group.c.id, "groups", whole=True), group.c.dirty)
        .where(group.c.digest_id.is_not(None), group.c.title != "", group.c.shape == as_the_line_says)
        .where(*(group.c[name].is_(None) for name in ("acknowledged_at", "incident_id", "resolved_at")))
        .values(dirty=False)
    )
