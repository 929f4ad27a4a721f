"""The use cases that handlers call, handed over by the wiring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from ops_core.alerts.alerts import Alerts
from ops_core.alerts.board import AlertBoard
from ops_core.alerts.responses import AlertResponses
from ops_core.alerts.silences import Silences
from ops_core.board import Board
from ops_core.clock import Clock
from ops_core.explanations import Explanations
from ops_core.incidents.incidents import Incidents
from ops_core.incidents.steps import Steps
from ops_core.oncall.covers import Covers
from ops_core.oncall.duties import Duties
from ops_core.oncall.pages import Pages
from ops_core.remediation.rollbacks import Rollbacks
from ops_core.rhythm.checkups import Checkups
from ops_core.rhythm.reviews import Reviews
from ops_core.rhythm.runs import Runs
from ops_core.rhythm.summary import Summaries
from ops_core.store.letters import Letters


@dataclass(frozen=True)
class Toolbox:
    """One of each."""

    board: Board
    alert_board: AlertBoard
    alerts: Alerts
    alert_responses: AlertResponses
    silences: Silences
    incidents: Incidents
    steps: Steps
    rollbacks: Rollbacks
    checkups: Checkups
    runs: Runs
    summaries: Summaries
    reviews: Reviews
    explanations: Explanations
    letters: Letters
    pages: Pages
    covers: Covers
    duties: Duties
    clock: Clock
    zone_of: Callable[[str], ZoneInfo]
    """The time zone in which a person, by their user id, speaks of days and times of day."""
