"""What `/metrics` says, in the format that Prometheus reads: made from rows and counts when it is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from sqlalchemy import func
from sqlmodel import col, select

from bot.traffic import BOUNDS, Latency, Traffic
from ops_core.alerts.alert import Alert, AlertState
from ops_core.alerts.group import AlertGroup
from ops_core.rhythm.checkups import LatestFinding
from ops_core.store.letters import depth
from ops_core.store.outbox import Delivery, OutboxRow, Priority
from ops_core.store.transaction import Store


class Metrics:
    """A collector that remembers nothing itself.

    `requests` counts those of sources by their outcome, `latencies` how long requests of each route took.
    """

    def __init__(
        self,
        store: Store,
        traffic: Traffic,
        requests: Mapping[tuple[str, str], int],
        latencies: Mapping[str, Latency],
    ) -> None:
        self.store = store
        self.traffic = traffic
        self.requests = requests
        self.latencies = latencies
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def text(self) -> bytes:
        """All of it. Raises `Unavailable` when the database does not answer."""
        return generate_latest(self._registry)

    def describe(self) -> Iterator[Metric]:
        """Nothing, so that being registered does not read the database."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """The metrics as they are now."""
        yield from self._alerts()  # before the outbox, into which it leads
        yield from self._outbox()
        yield from self._checks()
        yield from self._slack()
        yield from self._sources()
        words = "How long requests to the HTTP port took."
        yield _histogram("tocsin_http_seconds", words, "route", self.latencies)

    def _sources(self) -> Iterator[Metric]:
        words = "Requests of other monitors, by source and outcome."
        family = CounterMetricFamily("tocsin_source_requests", words, labels=["source", "outcome"])
        for (source, outcome), count in dict(self.requests).items():
            family.add_metric([source, outcome], count)
        yield family

    def _outbox(self) -> Iterator[Metric]:
        with self.store.read() as session:
            full = depth(session)
            ended = select(OutboxRow.state, func.count()).group_by(col(OutboxRow.state))
            counts = dict(session.exec(ended).all())
        waiting = GaugeMetricFamily("tocsin_outbox_waiting", "Messages that wait.", labels=["priority"])
        for priority in Priority:
            waiting.add_metric([priority.name.lower()], full.waiting.get(priority, 0))
        yield waiting
        age = (self.store.clock.now() - full.oldest_at).total_seconds() if full.oldest_at else 0.0
        yield GaugeMetricFamily("tocsin_outbox_oldest_seconds", "Age of the oldest that waits.", value=age)
        yield GaugeMetricFamily("tocsin_outbox_dead", "Messages that Slack would not take.", value=full.dead)
        sent = counts.get(Delivery.SENT, 0)
        yield CounterMetricFamily("tocsin_outbox_sent", "Messages that were said.", value=sent)

    def _alerts(self) -> Iterator[Metric]:
        with self.store.read() as session:
            counted = (
                select(Alert.state, AlertGroup.state, func.count())
                .join(AlertGroup, col(Alert.group_id) == col(AlertGroup.id))
                .group_by(col(Alert.state), col(AlertGroup.state))
            )
            found = Counter[AlertState]()
            for state, of_group, count in session.exec(counted):
                found[AlertState(of_group if state is AlertState.FIRING else state)] += count
            untold = session.exec(select(func.count()).where(col(AlertGroup.dirty))).one()
        alerts = GaugeMetricFamily("tocsin_alerts", "Alerts by state.", labels=["state"])
        for state in AlertState:
            alerts.add_metric([state], found[state])
        yield alerts
        yield GaugeMetricFamily("tocsin_groups_untold", "Alert groups that changed unsaid.", value=untold)

    def _checks(self) -> Iterator[Metric]:
        with self.store.read() as session:
            latest = session.exec(select(LatestFinding)).all()
        counts = Counter((one.model, one.check, str(one.finding["verdict"])) for one in latest)
        checks = GaugeMetricFamily(
            "tocsin_findings",
            "Findings of the last run of each check, by verdict.",
            labels=["model", "check", "verdict"],
        )
        for labels, count in counts.items():
            checks.add_metric(labels, count)
        yield checks

    def _slack(self) -> Iterator[Metric]:
        calls = CounterMetricFamily(
            "tocsin_slack_calls", "Calls of Slack's Web API.", labels=["method", "outcome"]
        )
        for (method, outcome), count in self.traffic.calls.copy().items():
            calls.add_metric([method, outcome], count)
        yield calls
        words = "How long calls of Slack's Web API took."
        yield _histogram("tocsin_slack_seconds", words, "method", self.traffic.latencies)


def _histogram(name: str, words: str, label: str, latencies: Mapping[str, Latency]) -> Metric:
    family = HistogramMetricFamily(name, words, labels=[label])
    for value, latency in dict(latencies).items():
        counts, buckets = 0, []
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), latency.counts, strict=True):
            counts += count
            buckets.append((bound, float(counts)))
        family.add_metric([value], buckets, latency.seconds)
    return family
