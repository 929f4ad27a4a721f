"""Any engine that Ibis can reach as a warehouse: DuckDB here, Spark on a cluster, a database behind a URL."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import sqlalchemy as sa

from bot.adapters.places import Unlistable, list_files
from bot.adapters.tables.address import Address
from bot.adapters.tables.dialects import Dialect, Duckdb, Kind, Spark
from bot.adapters.tables.spelling import SPARK, STANDARD, spelled
from bot.adapters.tables.warehouse import Unanswered
from ops_core.errors import Invalid
from ops_core.profiles.columns import NULL_WORDS

Row: TypeAlias = tuple[Any, ...]
CSV = (".csv", ".csv.gz")
LONGEST_REASON = 400
"""Engines name the file that they could not read at the end of a sentence."""
OF_IBIS = ("ibis.common.exceptions.IbisError", "ibis.common.exceptions.TableNotFound")


class IbisWarehouse:
    """A connection of Ibis: it connects, knows tables and their types, and reads files.

    Queries are written in standard SQL, which Ibis translates for the engine.
    """

    is_near = False
    csv: Mapping[str, Any] = MappingProxyType({})
    """Options of the engine for reading CSV."""
    failures: tuple[str, ...] = ()
    """What the engine raises beside Ibis' own errors."""

    def __init__(self, connection: Any, dialect: Dialect) -> None:
        self.connection = connection
        self.dialect = dialect
        self._errors = tuple(map(_named, (*OF_IBIS, *self.failures)))

    def columns(self, address: Address) -> Mapping[str, Kind]:
        """By Ibis' schema; files are made known to the engine first."""
        with self._asking():
            schema, table = address.table
            if address.query is not None:
                found = self.connection.sql(address.query)
            elif address.is_files:
                found = self._files(address.relation, table)
            else:
                found = self.connection.table(table, database=schema)
            return {str(name): _kind(kind) for name, kind in found.schema().items()}

    def rows(self, query: sa.Select[Any]) -> list[Row]:
        """All rows of a small answer."""
        with self._asking():
            return list(self._answer(query))

    def stream(self, query: sa.Select[Any], size: int) -> Iterator[list[Row]]:
        """So many at a time, of an answer that the engine gives little by little."""
        with self._asking():
            answer = self._answer(query)
            while part := list(islice(answer, size)):
                yield part

    def copied(self, query: sa.Select[Any]) -> None:
        """Engines read only the columns that a query asks for."""

    def close(self) -> None:
        """End the connection."""
        self.connection.disconnect()

    def _answer(self, query: sa.Select[Any]) -> Iterator[Row]:
        asked = self.connection.sql(spelled(query, STANDARD), dialect="duckdb")
        for batch in asked.to_pyarrow_batches():
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

    def _files(self, place: str, view: str) -> Any:
        paths = _paths(place)
        if not paths:
            raise Unanswered("there are no files")
        return self._seen_as(view, paths, is_csv=all(each.endswith(CSV) for each in paths))

    def _seen_as(self, view: str, paths: list[str], *, is_csv: bool) -> Any:
        read = self.connection.read_csv if is_csv else self.connection.read_parquet
        return read(paths, table_name=view, **(self.csv if is_csv else {}))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            why = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise Unanswered(why[:LONGEST_REASON]) from error


class DuckdbWarehouse(IbisWarehouse):
    """DuckDB reads standard SQL as it stands, which need not be parsed before."""

    failures = ("duckdb.Error",)
    # Types are told from all rows: a number may become a text late in a file.
    csv = MappingProxyType({"nullstr": list(NULL_WORDS), "sample_size": -1})

    def __init__(self, connection: Any) -> None:
        super().__init__(connection, Duckdb(self._register))
        connection.raw_sql("SET TimeZone = 'UTC'")
        # Least and greatest in Parquet leave NaN out, and by them DuckDB takes isnan() to be false.
        connection.raw_sql("SET disabled_optimizers = 'statistics_propagation'")

    def _register(self, name: str, edges: Sequence[float]) -> None:
        inner = np.asarray(edges, dtype=np.float64)

        def placed(numbers: Any) -> Any:
            import pyarrow as pa  # heavy: 0.2 s

            return pa.array(np.searchsorted(inner, numbers.to_numpy(zero_copy_only=False), side="right"))

        self.connection.con.create_function(name, placed, ["DOUBLE"], "BIGINT", type="arrow")

    def _answer(self, query: sa.Select[Any]) -> Iterator[Row]:
        cursor = self.connection.raw_sql(spelled(query, STANDARD))
        while part := cursor.fetchmany(10_000):
            yield from part


class SparkWarehouse(IbisWarehouse):
    """Spark, wherever its session runs."""

    failures = ("pyspark.errors.PySparkException", "py4j.protocol.Py4JError")

    def __init__(self, connection: Any, session: Any) -> None:
        super().__init__(connection, Spark())
        self.session = session
        connection.raw_sql("SET TIME ZONE 'UTC'")

    def close(self) -> None:
        """The session is shared and goes on."""

    def _seen_as(self, view: str, paths: list[str], *, is_csv: bool) -> Any:
        """By Spark itself, for Ibis would give it one path at most."""
        here = [path if "://" in path else f"file://{path}" for path in paths]
        reader = self.session.read.options(header=True, inferSchema=True)
        (reader.csv(here) if is_csv else reader.parquet(*here)).createOrReplaceTempView(view)
        return self.connection.table(view)

    def _answer(self, query: sa.Select[Any]) -> Iterator[Row]:
        yield from map(tuple, self.connection.raw_sql(spelled(query, SPARK)).toLocalIterator())


def connected(engine: str) -> IbisWarehouse:
    """The warehouse of an engine: duckdb, spark, or a URL that Ibis connects to. Raises `Invalid`."""
    try:
        import ibis  # of the extras duckdb and spark; heavy: 1 s

        if engine == "spark":
            from pyspark.sql import SparkSession  # heavy, and of the extra spark

            session = SparkSession.builder.appName("tocsin").getOrCreate()
            return SparkWarehouse(ibis.pyspark.connect(session), session)
        if engine == "duckdb":
            return DuckdbWarehouse(ibis.duckdb.connect())
        if engine.startswith("duckdb://"):
            path = engine.partition(":///")[2]
            return DuckdbWarehouse(_opened(path, lambda: ibis.duckdb.connect(path, read_only=True)))
        return IbisWarehouse(ibis.connect(engine), Dialect())
    except ModuleNotFoundError as error:
        raise Invalid(
            f"The engine needs {error.name}, which is not installed.",
            hint=f"Install it: pip install 'tocsin[{'spark' if engine == 'spark' else 'duckdb'}]'.",
        ) from error


def _paths(place: str) -> list[str]:
    """Files of this machine by name; the address of an object store as it stands."""
    if "://" in place:
        return [place]
    try:
        return [each.path for each in list_files(place)]
    except Unlistable as error:
        raise Unanswered(str(error)) from error


def _opened(path: str, connect: Any) -> Any:
    try:
        return connect()
    except _named("duckdb.Error") as error:
        raise Unanswered(f"{path} cannot be opened: {str(error).splitlines()[0][:200]}") from error


def _named(name: str) -> type[Exception]:
    module, _, kind = name.rpartition(".")
    found: type[Exception] = getattr(importlib.import_module(module), kind)
    return found


def _kind(kind: Any) -> Kind:
    told = (
        (kind.is_boolean(), Kind.TRUTH),
        (kind.is_integer(), Kind.WHOLE),
        (kind.is_floating() or kind.is_decimal(), Kind.NUMBER),
        (kind.is_timestamp() or kind.is_date(), Kind.TIME),
        (kind.is_string() or kind.is_uuid(), Kind.TEXT),
    )
    return next((found for is_it, found in told if is_it), Kind.OTHER)
