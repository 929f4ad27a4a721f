"""A model's tables as a source: counted where they live, or read in bounded memory where rows are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import replace

import sqlalchemy as sa

from bot.adapters.tables import reading as rows
from bot.adapters.tables.address import Address
from bot.adapters.tables.dialects import Kind
from bot.adapters.tables.gathering import Gathering
from bot.adapters.tables.warehouse import Unanswered, Warehouse, relation
from bot.adapters.tables.window import Table, Window
from ops_core.checks.future import dated_ahead
from ops_core.checks.watch import CheckPlan, Watched
from ops_core.clock import CLOCKS_APART
from ops_core.errors import OpsError
from ops_core.profiles.batch import Deferred, Problem, Reading, lacks
from ops_core.profiles.fill import fill
from ops_core.profiles.layout import Layout
from ops_core.profiles.profile import Profile, Scope

Open = Callable[[Address], Warehouse]
"""Opens the database of an address. Raises `OpsError` when it cannot be."""


class TableSource:
    """Rows of a model under watch, from tables."""

    def __init__(self, open_warehouse: Open, address_of: Callable[[str], Address] = Address.parse) -> None:
        self.open = open_warehouse
        self.address_of = address_of

    def reference(self, plan: CheckPlan) -> Reading:
        """All rows of the reference, labels beside them."""
        watched = plan.watched
        there = replace(watched, predictions=watched.reference, labels=None)
        return self._reading("reference", there, Scope(watched.name), None)

    def served(self, plan: CheckPlan, features: Sequence[str] | None) -> Reading:
        """The rows of the window, labels joined by key; the newest label of a key counts."""
        scope = Scope(plan.watched.name, plan.window_start, plan.window_end, plan.labels_due_at)
        return self._reading("predictions", plan.watched, scope, features)

    def count(
        self, plan: CheckPlan, layout: Layout, scope: Scope, reading: Reading
    ) -> dict[str | None, Profile]:
        """The profile of each version, by grouping queries; empty when the database does not answer.

        A database in this process is read instead, which is quicker, unless it is too slow for that.
        """
        try:
            with closing(self._window(plan.watched, scope, reading)) as window:
                reading.problems += _missing(window.window, layout, reading.place)
                found = _counted(window, layout, scope, reading)
                reading.problems += [] if found else _ahead(window, plan)
                return found
        except (Unanswered, OpsError) as error:
            reading.problems.append(Problem(reading.place, str(error)))
            return {}

    def _reading(self, what: str, watched: Watched, scope: Scope, features: Sequence[str] | None) -> Reading:
        address = self.address_of(watched.predictions)
        reading = Reading(f"{what} {address.shown}")
        reading.batches = self._batches(watched, scope, features, reading)
        return reading

    def _batches(
        self, watched: Watched, scope: Scope, features: Sequence[str] | None, reading: Reading
    ) -> Iterator[Deferred]:
        try:
            with closing(self._window(watched, scope, reading)) as opened:
                yield from rows.blocks(opened.window, opened.warehouse, features, reading)
        except (Unanswered, OpsError) as error:
            reading.problems.append(Problem(reading.place, str(error)))

    def _window(self, watched: Watched, scope: Scope, reading: Reading) -> Opened:
        address = self.address_of(watched.predictions)
        with ExitStack() as opened:
            warehouse = opened.enter_context(closing(self.open(address)))
            predictions = _table(warehouse, address, "predictions")
            labels = None
            if watched.labels is not None:
                labels = _labels(warehouse, self.address_of(watched.labels), watched, reading)
            if scope.start is not None and not predictions.has(watched.at_column):
                raise Unanswered(f"{lacks(watched.at_column)}; left out")
            opened.pop_all()  # whoever has the window closes it
        return Opened(warehouse, Window(watched, warehouse.dialect, predictions, labels, scope))


def _missing(window: Window, layout: Layout, place: str) -> list[Problem]:
    """A problem for each column that is not there, as files are told of."""
    watched = window.watched
    roles = watched.role_columns - ({watched.label_column} if window.labels is not None else set())
    wanted = {*roles, *layout.features, *watched.split_columns.values()}
    return [Problem(place, lacks(name)) for name in sorted(wanted - set(window.predictions.kinds))]


def _ahead(opened: Opened, plan: CheckPlan) -> list[Problem]:
    """Rows in the future, looked for when there are no others."""
    later = replace(opened.window, scope=Scope(plan.watched.name, plan.now + CLOCKS_APART))
    ((rows, newest),) = opened.warehouse.rows(later.select(sa.func.count(), sa.func.max(later.at)))
    return [dated_ahead(plan.watched.at_column, rows, newest, plan.now)] if rows else []


def _counted(opened: Opened, layout: Layout, scope: Scope, reading: Reading) -> dict[str | None, Profile]:
    warehouse = opened.warehouse
    if warehouse.is_near:
        with suppress(Unanswered):
            return fill(layout, rows.blocks(opened.window, warehouse, list(layout.features), reading), scope)
    return Gathering(_nearer(opened), layout, warehouse.rows).profiles()


def _nearer(opened: Opened) -> Window:
    """The same window on a copy of its rows, where that is quicker; in the copy, times are whole numbers."""
    window, at = opened.window, opened.window.watched.at_column
    own = window.predictions
    columns = [(window.at if name == at else own.column(name)).label(name) for name in own.kinds]
    try:
        name = opened.warehouse.copied(window.select(*columns))
    except Unanswered:  # one slow column of a view, say, which only its own query need wait for
        return window
    if name is None:
        return window
    kinds = {**own.kinds, at: Kind.WHOLE}
    clause = sa.table(name, *map(sa.column, kinds)).alias("predictions")
    return replace(window, predictions=Table(clause, kinds))


class Opened:
    """A window and the connection it is asked through."""

    def __init__(self, warehouse: Warehouse, window: Window) -> None:
        self.warehouse = warehouse
        self.window = window

    def close(self) -> None:
        """End the connection."""
        self.warehouse.close()


def _table(warehouse: Warehouse, address: Address, name: str) -> Table:
    kinds = warehouse.columns(address)
    return Table(relation(address, kinds, name), kinds)


def _labels(warehouse: Warehouse, address: Address, watched: Watched, reading: Reading) -> Table:
    labels, place = _table(warehouse, address, "labels"), f"labels {address.shown}"
    lost = [name for name in (watched.key_column, watched.label_column) if not labels.has(name)]
    if lost:
        reading.problems.append(Problem(place, f"{lacks(*lost)}; left out"))
    elif not labels.has(watched.at_column):
        reading.problems.append(Problem(place, lacks(watched.at_column)))
    return labels
