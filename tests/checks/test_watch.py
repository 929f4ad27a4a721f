"""Plans and verdicts, as they travel to another process."""

import json
from datetime import timedelta

from ops_core.checks.finding import Verdict, worst
from ops_core.checks.watch import CheckPlan, CheckSpec, Watched
from tests.profiles.made import DAY, NOW

WATCHED = Watched("tumour", "p", "r.parquet", "l", features=("radius",), label_delay=timedelta(minutes=5))


def test_a_plan_survives_json() -> None:
    """Times, spans and options come back equal."""
    spec = CheckSpec("performance.f1", {"warning_limit": 0.9})
    plan = CheckPlan(WATCHED, DAY, NOW, (spec,), version="2", since=NOW - timedelta(hours=1))
    assert CheckPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_since_narrows_the_window() -> None:
    """After a change only what came later counts; an older one changes nothing."""
    later, earlier = NOW - timedelta(hours=1), NOW - 3 * DAY
    assert CheckPlan(WATCHED, DAY, NOW, since=later).window_start == later
    assert CheckPlan(WATCHED, DAY, NOW, since=earlier).window_start == NOW - DAY


def test_labels_are_due_after_the_delay() -> None:
    """Five minutes before now."""
    assert CheckPlan(WATCHED, DAY, NOW).labels_due_at == NOW - timedelta(minutes=5)


def test_the_worst_verdict_wins() -> None:
    """No findings at all are no data, not good news."""
    assert worst([Verdict.OK, Verdict.WARNING, Verdict.NO_DATA]) is Verdict.WARNING
    assert worst([]) is Verdict.NO_DATA
