"""A whole run over rows in memory: the source is ours, no file is needed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from ops_core.checks.cadence import Cadence
from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.run import performance_series, run_checks
from ops_core.checks.watch import CheckPlan, CheckSpec, Watched
from ops_core.profiles.batch import Batch, Problem, Reading
from tests.checks.test_series import during
from tests.profiles.made import DAY, NOW, REFERENCE

WATCHED = Watched("tumour", "p", "r")
BROKEN = (during(20, 2, version="1"), during(2, 0, version="2", error=0.4))


@dataclass
class Rows:
    """A source that holds its rows."""

    window: Sequence[Batch]
    usual: Sequence[Batch] = (REFERENCE,)
    problems: list[Problem] = field(default_factory=list)

    def reference(self, plan: CheckPlan) -> Reading:
        """The usual rows."""
        return Reading("memory", iter(self.usual))

    def served(self, plan: CheckPlan, features: Sequence[str] | None) -> Reading:
        """The window's rows."""
        return Reading("memory", iter(self.window), self.problems)


def run(source: Rows, *checks: str, **plan: object) -> dict[str, Finding]:
    """Findings by check."""
    made = CheckPlan(WATCHED, DAY, NOW, tuple(map(CheckSpec, checks)), **plan)  # type: ignore[arg-type] # passed on
    return {finding.check: finding for finding in run_checks(made, source)}


def test_a_fault_of_the_model_is_told_from_one_of_the_data() -> None:
    """Worse answers on the same inputs: all findings that alarm say "model"."""
    found = run(Rows(BROKEN))
    assert found["performance.f1"].verdict is Verdict.CRITICAL
    assert found["performance.f1"].detail["origin"] == "model"


def test_the_version_that_served_last_is_judged() -> None:
    """Eighteen good hours of version 1 do not hide two bad ones of version 2."""
    found = run(Rows(BROKEN), "performance.f1")["performance.f1"]
    assert (found.version, found.n) == ("2", 600)


def test_a_version_can_be_named() -> None:
    """The earlier one was fine."""
    assert run(Rows(BROKEN), "performance.f1", version="1")["performance.f1"].verdict is Verdict.OK


def test_a_version_that_served_nothing_is_no_data() -> None:
    """And the finding says which."""
    found = run(Rows(BROKEN), "performance.f1", version="3")["performance.f1"]
    assert found.verdict is Verdict.NO_DATA and "of version 3" in found.explanation


def test_only_rows_after_a_change_are_judged() -> None:
    """Proof of a rollback rests on fresh rows."""
    found = run(Rows(BROKEN), "quality.volume", since=NOW - timedelta(hours=1))
    assert 290 <= found["quality.volume"].n <= 310


def test_an_alarm_carries_its_course() -> None:
    """The chart shows the version before, too, and where the versions changed."""
    detail = run(Rows(BROKEN), "performance.f1")["performance.f1"].detail
    series, versions = detail["series"], detail["versions"]
    assert isinstance(series, list) and isinstance(versions, list)
    assert {point["version"] for point in series if isinstance(point, dict)} == {"1", "2"} and len(
        versions
    ) == 2


def test_without_a_reference_nothing_but_the_source_alarms() -> None:
    """Drift has nothing to compare with, and F1 may always have been so."""
    found = run(Rows(BROKEN, usual=()))
    assert found["performance.f1"].verdict is Verdict.NO_EVIDENCE
    assert found["drift.data"].verdict is Verdict.NO_DATA


def test_problems_of_the_source_reach_every_finding() -> None:
    """A skipped file is named wherever a number may have missed it."""
    found = run(Rows(BROKEN, problems=[Problem("p/7.parquet", "cannot be read")]))
    assert all("p/7.parquet" in str(finding.detail["problems"]) for finding in found.values())


def test_the_series_can_be_asked_for() -> None:
    """A metric over the window, of all versions."""
    told = performance_series(CheckPlan(WATCHED, DAY, NOW), Rows(BROKEN), "recall", bins=10)
    assert 4 <= len(told) <= 12 and set(told[0]) == {"at", "version", "value", "n", "low", "high"}


def test_only_checks_that_have_their_turn_are_run() -> None:
    """A check's own cadence wins over the usual one, and survives the way to another process."""
    specs = (CheckSpec("performance.f1"), CheckSpec("drift.data", cadence=Cadence.WEEKLY))
    plan = CheckPlan(WATCHED, DAY, NOW, specs, cadence=Cadence.WEEKLY)
    assert CheckPlan.from_json(plan.to_json()) == plan
    assert [each.check for each in run_checks(plan, Rows(BROKEN))] == ["drift.data"]


def test_nothing_is_read_when_no_check_has_its_turn() -> None:
    """A source that cannot be read at all is not even asked."""
    plan = CheckPlan(WATCHED, DAY, NOW, (CheckSpec("drift.data"),), cadence=Cadence.MONTHLY)
    assert run_checks(plan, Rows(window=None)) == []  # type: ignore[arg-type] # iterating it would raise


def test_late_labels_are_judged_where_they_are_due() -> None:
    """Labels that come a day late never let a day-long window be judged; the day before is."""
    late = replace(WATCHED, label_delay=DAY)
    source = Rows((during(47, 25, version="1", error=0.4), during(23, 0, version="1")))
    plan = CheckPlan(late, DAY, NOW, (CheckSpec("performance.f1"), CheckSpec("drift.prediction")))
    f1, drift = run_checks(plan, source)
    assert (f1.check, f1.verdict, f1.window_end) == ("performance.f1", Verdict.CRITICAL, NOW - DAY)
    assert drift.window_end == NOW and drift.verdict is not Verdict.NO_DATA
    assert CheckPlan.from_json(plan.when_labels_are_due.to_json()) == plan.when_labels_are_due


def test_labels_that_are_a_little_late_wait_within_the_window() -> None:
    """An hour of a day is left out, as not due yet."""
    plan = CheckPlan(replace(WATCHED, label_delay=DAY / 24), DAY, NOW, (CheckSpec("performance.f1"),))
    assert plan.when_labels_are_due is plan
