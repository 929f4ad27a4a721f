"""Other monitors: the way in for what they say, and the comparisons with those that can be asked."""

from __future__ import annotations

import os
from pathlib import Path

from bot.adapters import amazon
from bot.adapters.alertmanager import Alertmanager
from bot.clockwork import Job
from bot.settings import Settings
from bot.sources.building import sources
from bot.sources.reception import Answered, Counted, Reception
from bot.sources.reconciling import Reconciliation
from ops_core.alerts.endings import Endings
from ops_core.alerts.intake import Intake
from ops_core.errors import Invalid
from ops_core.store.transaction import Store


def reception_of(
    settings: Settings, folder: Path, store: Store, intake: Intake, answered: Answered, counted: Counted
) -> Reception:
    """The sources and their way in. Raises `Invalid` for a source that cannot be."""
    by_name = sources(settings, folder, amazon.fetch)
    return Reception(by_name, store, intake, Endings(store, intake), answered, counted)


def comparisons(settings: Settings, reception: Reception) -> list[Job]:
    """A job for each Alertmanager whose address is known; at start, and then every few minutes."""
    found = []
    for name, one in settings.sources.items():
        if one.url is None:
            continue
        asked = Alertmanager(one.url, _token(name, one.url_token_env), one.receiver)
        compared = Reconciliation(
            reception.by_name[name], asked, reception.store, reception.intake, one.settle
        )
        found.append(Job(f"comparison with {name}", compared.run, every=one.every, at_start=True))
    return found


def _token(name: str, variable: str | None) -> str:
    if variable is None:
        return ""
    if not os.environ.get(variable):
        raise Invalid(f"sources.{name}.url_token_env: the variable {variable} is empty.")
    return os.environ[variable]
