"""Signals from queries, asked of a real Prometheus."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.prometheus import Prometheus
from bot.adapters.query_gauges import QueryCosts, QueryGauge
from ops_core.checks.finding import Verdict
from ops_core.checks.signal_check import Look
from ops_core.checks.watch import CheckSpec
from ops_core.clock import SystemClock
from ops_core.errors import Invalid, Unavailable
from ops_core.signals.costs import Budgets
from ops_core.signals.gather import gather
from ops_core.signals.watch import SignalPlan, run_signal_checks
from tests.adapters.real_prometheus import Page, prometheus, serving, until

pytestmark = pytest.mark.xdist_group("prometheus")

TENTH = timedelta(seconds=0.1)
PAGE = """
latency_p95 2.5
error_ratio 0.02
requests 5000
percent 85
not_a_number NaN
backup_age_seconds 7200
disk_used{mount="/"} 0.4
disk_used{mount="/data"} 0.95
"""


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """A server that has scraped our page more than a second long."""
    folder: Path = tmp_path_factory.mktemp("prometheus")
    with serving(Page(PAGE)) as page, prometheus(folder, page) as url:
        found = Prometheus(url, timedelta(seconds=20))
        until(lambda: len(found.now("count_over_time(latency_p95[1m]) > 20", SystemClock().now())) == 1)
        yield found


def gauge(monitor: Prometheus, query: str, **other: object) -> QueryGauge:
    """A gauge of the last second, a point each tenth of it."""
    known = {
        "signal": "service.latency_p95",
        "unit": "seconds",
        "window": timedelta(seconds=1.5),
        "step": TENTH,
    }
    return QueryGauge(prometheus=monitor, query=query, **{**known, **other})  # type: ignore[arg-type]  # by name


def test_a_level_is_read_with_its_course(monitor: Prometheus) -> None:
    """Its median, its points, and what they are judged as."""
    plan = SignalPlan((gauge(monitor, "latency_p95"),))
    (finding,) = run_signal_checks(plan, Look("churn", SystemClock().now()))
    assert (finding.verdict, finding.value, finding.limit) == (Verdict.WARNING, 2.5, 2.0)
    assert finding.n >= 10 and finding.interval == (2.5, 2.5)
    assert finding.explanation.startswith("Latency (p95) 2.5 s (limit 2 s), median of n = ")


def test_each_series_is_a_signal_of_its_own(monitor: Prometheus) -> None:
    """Told apart by their labels; the worst is named."""
    disks = gauge(monitor, "sum by (mount) (disk_used)", signal="infrastructure.disk", unit="ratio")
    (finding,) = run_signal_checks(SignalPlan((disks,)), Look("platform", SystemClock().now()))
    assert finding.verdict is Verdict.CRITICAL
    assert finding.explanation.startswith("Disk in use of /data 95 % (limit 90 %)")


def test_a_share_of_requests_is_judged_by_their_number(monitor: Prometheus) -> None:
    """2 % of 5,000 is beyond chance for 0.5 %, with its interval."""
    errors = gauge(monitor, "error_ratio", signal="service.error_rate", unit="ratio", count="requests")
    (finding,) = run_signal_checks(SignalPlan((errors,)), Look("churn", SystemClock().now()))
    assert (finding.verdict, finding.n) == (Verdict.CRITICAL, 5000)
    assert finding.interval is not None and finding.interval[0] > 0.005


def test_an_age_is_asked_for_now(monitor: Prometheus) -> None:
    """Seconds, of which the last value counts."""
    age = gauge(monitor, "backup_age_seconds", signal="backup.age", window=timedelta(0))
    (signal,) = age.read(SystemClock().now())
    assert (signal.value, signal.points) == (7200.0, ())


def test_a_query_that_never_had_a_value_is_told(monitor: Prometheus) -> None:
    """No series, or one without a number."""
    for query in ("no_such_metric", "not_a_number"):
        with pytest.raises(Unavailable, match="finds no number"):
            gauge(monitor, query).read(SystemClock().now())


def test_a_series_that_has_ended_says_nothing_about_now(monitor: Prometheus) -> None:
    """With when it ended."""
    moment = SystemClock().now()
    ended = gauge(monitor, f"latency_p95 and on() (vector(time()) < {moment.timestamp() - 0.7:.1f})")
    with pytest.raises(Unavailable, match="has had no value since"):
        ended.read(moment)


def test_a_percentage_is_not_taken_for_a_share(monitor: Prometheus) -> None:
    """With what to do about it."""
    with pytest.raises(Invalid, match="says 85 where a share") as refused:
        gauge(monitor, "percent", signal="infrastructure.cpu", unit="ratio").read(SystemClock().now())
    assert "Divide" in refused.value.hint


def test_a_wrong_query_is_told_with_the_place(monitor: Prometheus) -> None:
    """In Prometheus' own words."""
    with pytest.raises(Invalid, match="unclosed left parenthesis"):
        monitor.now("sum(latency_p95", SystemClock().now())


def test_a_query_that_times_out_is_told_by_the_server(monitor: Prometheus) -> None:
    """It is asked to give up as soon as we do."""
    hurried = Prometheus(monitor.url, timedelta(milliseconds=1))
    with pytest.raises(Unavailable, match=r"did not answer within 0\.001 s|timed out"):
        hurried.now("latency_p95", SystemClock().now())


def test_a_monitor_that_hangs_holds_up_nobody(monitor: Prometheus) -> None:
    """The other gauges are read all the same, and the finding says what failed."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hung = Prometheus(f"http://127.0.0.1:{silent.getsockname()[1]}", timedelta(seconds=0.3))
        gauges = (gauge(hung, "latency_p95"), gauge(monitor, "latency_p95", signal="service.latency_p99"))
        found = gather(gauges, SystemClock().now())
    assert "did not answer within 0.3 s" in found["service.latency_p95"][0].error
    assert found["service.latency_p99"][0].value == 2.5


def test_what_is_no_prometheus_is_told(monitor: Prometheus) -> None:
    """Such as our own page."""
    with serving(Page()) as page, pytest.raises(Unavailable, match="not as Prometheus does"):
        Prometheus(f"http://{page.url}").now("up", SystemClock().now())


def test_costs_are_asked_for_by_day(monitor: Prometheus) -> None:
    """A metric that is younger than midnight has no day yet."""
    costs = QueryCosts(monitor, {"LLM API": "requests"}, Budgets({"LLM API": 100.0}))
    with pytest.raises(Unavailable, match="There are no costs"):
        costs.read(datetime(2026, 11, 20, tzinfo=UTC))


def test_a_named_check_without_a_query_says_so() -> None:
    """Rather than being quietly left out."""
    plan = SignalPlan(checks=(CheckSpec("service.latency_p95", {"warning_limit": 1.0}),))
    (finding,) = run_signal_checks(plan, Look("churn", datetime(2026, 11, 25, tzinfo=UTC)))
    assert finding.verdict is Verdict.NO_DATA and "nothing is configured" in finding.explanation
