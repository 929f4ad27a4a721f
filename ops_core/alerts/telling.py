"""One group on its way through the stages that tell: what is true of it, and what is to be recorded."""

from __future__ import annotations

from dataclasses import dataclass, field

from ops_core.alerts.alert import Alert
from ops_core.alerts.group import AlertGroup
from ops_core.alerts.rules import Rules
from ops_core.events import Event
from ops_core.store.transaction import Transaction


@dataclass
class Telling:
    """A group that changed, in the transaction that records what is said of it."""

    tx: Transaction
    group: AlertGroup
    rules: Rules
    firing: int = 0
    audible: int = 0
    """Alerts that fire and are to be told."""
    heard_firing: bool = False
    """Whether there is or was anything to be told at all."""
    rose: bool = False
    """It is worse than when it was last looked at."""
    fell: bool = False
    returned: bool = False
    """It was over, and fires again on the same card."""
    lead: Alert | None = None
    before: str = ""
    """The shape that people were last told of."""
    later: bool = False
    """Something is left to be said, and is to be looked at again."""
    events: list[Event] = field(default_factory=list)
    """What happened, in order; recorded at the end."""
