"""From settings to gauges: what is read outside for each model and system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from bot.adapters.ages import AgeGauge
from bot.adapters.cost_file import CostFile
from bot.adapters.feast import FeatureStoreGauge
from bot.adapters.prometheus import Prometheus
from bot.adapters.query_gauges import QueryCosts, QueryGauge
from bot.settings import CheckSettings, Settings
from bot.settings.signals import CostSettings, Places, PrometheusSettings, QuerySettings, WatchSettings
from bot.thresholds import thresholds_of
from ops_core.checks.levels import Level
from ops_core.checks.signal_catalogue import SIGNAL_CHECKS
from ops_core.checks.thresholds import specs_of
from ops_core.checks.watch import CheckSpec
from ops_core.errors import Invalid
from ops_core.signals.costs import Budgets
from ops_core.signals.signal import Gauge
from ops_core.signals.watch import SignalPlan


def signal_plans(settings: Settings, folder: Path) -> dict[str, SignalPlan]:
    """What is read for each name. Raises `Invalid` for queries without an address to send them to."""
    twice = settings.models.keys() & settings.systems.keys()
    if twice:
        raise Invalid(f"{min(twice)!r} is the name of a model and of a system.", hint="Rename one of them.")
    named = {**settings.models, **settings.systems}
    return {
        name: SignalPlan(
            tuple(_gauges(name, one, settings.prometheus, folder)),
            _specs(one.checks),
            specs_of(thresholds_of(settings, name, folder), SIGNAL_CHECKS),
        )
        for name, one in named.items()
    }


def _specs(checks: list[CheckSettings]) -> tuple[CheckSpec, ...]:
    seldom = next((one.check for one in checks if one.check in SIGNAL_CHECKS and one.cadence), None)
    if seldom:
        raise Invalid(f"{seldom} is read at every look; it has no cadence.", hint="`every` says how often.")
    return tuple(CheckSpec(one.check, one.options) for one in checks if one.check in SIGNAL_CHECKS)


def _gauges(name: str, one: WatchSettings, monitor: PrometheusSettings, folder: Path) -> Iterator[Gauge]:
    if one.queries or one.cost.queries:
        if not monitor.url:
            raise Invalid(f"{name} has queries, and there is no prometheus.url to send them to.")
        prometheus = Prometheus(monitor.url, monitor.timeout, monitor.token.get_secret_value())
        for check, query in one.queries.items():
            yield _query(check, query, prometheus, monitor)
        if one.cost.queries:
            yield QueryCosts(prometheus, one.cost.queries, _budgets(one.cost))
    if one.feature_store:
        yield FeatureStoreGauge(one.feature_store)
    yield from _ages("feature_store.staleness", one.feature_views, folder)
    yield from _ages("backup.age", one.backups, folder, empty_counts=False)
    yield from _ages("pipeline.health", one.heartbeats, folder)
    if one.cost.file:
        yield CostFile(folder / one.cost.file, _budgets(one.cost))


def _query(check: str, query: QuerySettings, prometheus: Prometheus, monitor: PrometheusSettings) -> Gauge:
    kind = SIGNAL_CHECKS[check]
    window = query.window or monitor.window
    return QueryGauge(
        check,
        kind.unit,
        prometheus,
        query.query,
        count=query.n,
        # What is well or not, and how old something is, is asked for now.
        window=window if issubclass(kind, Level) else timedelta(0),
        step=query.step or monitor.step,
    )


def _ages(signal: str, places: Places, folder: Path, *, empty_counts: bool = True) -> Iterator[Gauge]:
    for name, one in places.items():
        away = one.place.startswith(("http://", "https://"))
        place = one.place if away else str((folder / one.place).absolute())
        yield AgeGauge(signal, name, place, one.within, empty_counts)


def _budgets(cost: CostSettings) -> Budgets:
    return Budgets(cost.budget, cost.currency)


def owners(settings: Settings) -> Mapping[str, str | None]:
    """Who owns each model and system."""
    return {name: one.owner for name, one in {**settings.models, **settings.systems}.items()}
