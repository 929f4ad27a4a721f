"""Checks that are judged seldom, and the review of all of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ops_core.alerts.found import open_group
from ops_core.checks.cadence import Cadence
from ops_core.checks.finding import Verdict
from ops_core.checks.watch import CheckSpec
from ops_core.errors import Invalid, Unavailable
from ops_core.rhythm.reviews import Reviews
from ops_core.rhythm.task import Task
from ops_core.store.outbox import OutboxRow
from tests.ops_core.stand_ins import BAD, GOOD, MODEL, NOW, finding
from tests.ops_core.world import ANN, House

WEEKLY = CheckSpec("drift.data", cadence=Cadence.WEEKLY)


def reviews(house: House) -> Reviews:
    """Posted into the summary's room unless asked for elsewhere."""
    return Reviews(house.store, house.world, "summary")


def told(house: House) -> dict[str, Any]:
    """The last review in the outbox."""
    found = [row for row in house.rows(OutboxRow) if row.template == "review"]
    context: dict[str, Any] = found[-1].context
    return context


def test_each_checkup_judges_what_has_its_turn(house: House) -> None:
    """A weekly check is left out of the live ones, and looks at seven days."""
    house.judge.specs = (WEEKLY,)
    live = house.checkups.run(MODEL, Cadence.LIVE)
    weekly = house.checkups.run(MODEL, Cadence.WEEKLY)
    assert "drift.data" not in {one.check for one in live} and "service.health" in {one.check for one in live}
    assert [one.check for one in weekly] == ["drift.data"]
    assert house.judge.windows == [None, timedelta(days=7)]


def test_a_weekly_alarm_outlives_the_live_looks_that_cannot_see_it(house: House) -> None:
    """It is over when its own check is satisfied, twice."""
    house.judge.specs = (WEEKLY,)
    house.judge.says = [finding(Verdict.WARNING, check="drift.data"), *GOOD[:1]]
    house.checkups.run(MODEL, Cadence.WEEKLY)
    house.judge.says = list(GOOD)
    for _ in range(4):
        house.checkups.run(MODEL, Cadence.LIVE)
    assert house.read(open_group, MODEL)
    for _ in range(2):
        house.checkups.run(MODEL, Cadence.WEEKLY)
    assert house.read(open_group, MODEL) is None


def test_a_review_tells_of_every_model_and_rings_for_nothing(house: House) -> None:
    """Worst first, with how many checks said what."""
    house.judge.says = list(BAD)
    reviews(house).post("monthly", ANN, "C0OPS")
    said = told(house)
    assert said["title"] == "Monthly audit" and house.judge.windows == [timedelta(days=28)]
    assert said["models"][0]["verdict"] == "critical" and said["models"][0]["lines"]
    assert house.read(open_group, MODEL) is None


def test_a_model_that_cannot_be_judged_is_in_the_review(house: House) -> None:
    """With the reason; the others are judged all the same."""
    house.judge.broken = Unavailable("The worker died.")
    reviews(house).post("", ANN)
    assert told(house)["models"][0] | {} and told(house)["models"][0]["error"] == "The worker died."
    assert told(house)["models"][0]["verdict"] == "no_data"


def test_a_planned_review_is_posted_once(house: House) -> None:
    """However often its task is tried."""
    with house.database.write() as session:
        due = Task(kind="review.weekly", subject="schedule", due_at=NOW)
        session.add(due)
    for _ in range(2):
        reviews(house).post_due(due)
    assert len([row for row in house.rows(OutboxRow) if row.template == "review"]) == 1


def test_a_review_has_a_name(house: House) -> None:
    """The two that there are stand in the answer."""
    with pytest.raises(Invalid, match="yearly") as raised:
        reviews(house).post("yearly", ANN)
    assert "monthly" in raised.value.hint
