"""The alerts of the last 30 days, held against matchers: how much would a silence have hushed?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from ops_core.alerts.alert import Alert
from ops_core.alerts.matchable import matchable
from ops_core.alerts.matcher import Matcher, all_match
from ops_core.alerts.rules import Rules
from ops_core.severity import Severity

BACK = timedelta(days=30)
MOST = 20_000
"""Alerts that are looked at, the newest."""
FEW_CARDS = 3
"""Of fewer cards than this a silence may well mean all."""


@dataclass(frozen=True)
class Reach:
    """How many of `told` alerts matchers meet, and of how many cards all of them were."""

    met: int
    told: int
    cards: int

    @property
    def is_all(self) -> bool:
        """Whether they leave nothing out of a history that is long enough to say so."""
        return self.met == self.told and self.cards >= FEW_CARDS


def reach_of(session: Session, rules: Rules, matchers: Sequence[Matcher], now: datetime) -> Reach:
    """What matchers meet of the last 30 days."""
    columns = (Alert.heard_at, Alert.source, Alert.labels, Alert.severity, Alert.group_id)
    newest = session.exec(select(*columns).order_by(col(Alert.id).desc()).limit(MOST))  # type: ignore[call-overload]  # five columns
    told = [row for heard_at, *row in newest if heard_at > now - BACK]
    met = sum(
        all_match(matchers, matchable(rules, source, labels, Severity(grade)))
        for source, labels, grade, _ in told
    )
    return Reach(met, len(told), len({group for *_, group in told}))
