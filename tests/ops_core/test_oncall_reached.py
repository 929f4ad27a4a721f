"""Who cannot be reached: the next step comes at once."""

from __future__ import annotations

from ops_core.oncall.person import Way
from ops_core.oncall.policy import Policy, PolicyStep
from ops_core.severity import Severity
from ops_core.store.database import Database
from ops_core.store.outbox import OutboxRow
from tests.ops_core.duty import DutyHouse
from tests.ops_core.stand_ins import MINUTE
from tests.ops_core.test_oncall_pages import duty

__all__ = ["duty"]  # the fixtures


def fail(duty: DutyHouse, number: int, *ways: Way) -> None:
    """A page gets through by none of these ways."""
    for way in ways:
        with duty.store.transaction() as tx:
            duty.pages.failed(tx, number, way, "refused")
    duty.pass_time()


def test_when_nobody_can_be_reached_the_next_step_comes_at_once(duty: DutyHouse) -> None:
    """As soon as the last way of the last of those who were called together has failed."""
    duty.fire()
    fail(duty, 1, Way.SLACK, Way.EMAIL, Way.PAGERDUTY)
    fail(duty, 2, Way.SLACK)
    assert duty.paged() == ["cam", "lead"]
    fail(duty, 2, Way.SMS)
    assert duty.paged() == ["cam", "lead", "manager"]
    said = [row.context["note"]["text"] for row in duty.rows(OutboxRow) if row.template == "page_note"]
    assert said[-1] == "Paged Max (nobody before could be reached)"


def test_when_nobody_is_on_call_the_next_step_comes_at_once(database: Database) -> None:
    """Rather than after its time."""
    policies = (Policy("default", (PolicyStep(("gone",)), PolicyStep(("lead",), 30 * MINUTE))),)
    duty = DutyHouse(database, policies)
    duty.declare(severity=Severity.P1)
    duty.pass_time()
    assert duty.paged() == ["lead"]
