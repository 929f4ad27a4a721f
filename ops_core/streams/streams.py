"""What serving processes push is kept before they are answered, and judged within moments."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from ops_core.checks.evidence import LEAST_ROWS
from ops_core.checks.watch import Watched
from ops_core.clock import Clock
from ops_core.drift.running import Change
from ops_core.errors import Invalid, OpsError
from ops_core.store.database import Database
from ops_core.streams.counts import Counts
from ops_core.streams.following import Following, Seen
from ops_core.streams.served import Served
from ops_core.streams.streamed import STREAM, Streamed, moment
from ops_core.streams.stretch import StreamKey, StreamStretch, add, forget, known_keys, pushed
from ops_core.streams.usual import REFERENCE, StreamUsual, learn

KEPT = timedelta(days=7)
READ_EVERY = timedelta(minutes=55)
"""How often it is read anew what is usual: the reference may have been replaced."""

UsualErrors = Callable[[Watched], tuple[int, int] | None]
"""Wrong and labelled answers of a model's reference; None where it has no labels. Raises `Unavailable`."""


@dataclass(frozen=True)
class Taken:
    """What became of a request: how many pushes it held, how many of them had been counted before."""

    taken: int
    repeated: int


class Streams:
    """The streams of all models under watch. `wake` is called with the models of each kept request."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        models: Mapping[str, Watched],
        usual_errors: UsualErrors,
    ) -> None:
        self.database = database
        self.clock = clock
        self.models = models
        self.usual_errors = usual_errors
        self.wake: Callable[[set[str]], None] = lambda _models: None
        self._followed: dict[str, Following] = {}
        self._changed: dict[str, int] = {}
        """The earliest second of each model that changed since the last look."""
        self._lock = threading.Lock()
        self._looking = threading.Lock()

    def take(self, source: str, counts: Sequence[Counts]) -> Taken:
        """Keep the pushes of one request, all or none; returns when they are on the disk.

        Raises `Invalid` with the place of what cannot be, `Unavailable` when they could not be written.
        """
        now = self.clock.now()
        for each in counts:
            self._check(each, now)
        try:
            with self._durably() as session:
                fresh = _fresh(session, source, counts, now)
                add(session, fresh)
                session.flush()
                for model in {each.model for each in fresh}:
                    learn(session, model)
        finally:  # it may be there although we were told otherwise; then a repetition has nothing fresh
            for each in counts:
                self._mark(each.model, int(each.at.timestamp()))
            self.wake({each.model for each in counts if each.predictions})
        return Taken(len(counts), len(counts) - len(fresh))

    def gauges(self, model: str) -> tuple[StreamGauge, ...]:
        """What reads the stream of a model, if anything of it was pushed."""
        if model not in self.models:
            return ()
        with self.database.read() as session:
            return (StreamGauge(self, model),) if pushed(session, model) else ()

    def read(self, model: str, now: datetime) -> Streamed:
        """How a stream stands."""
        with self._lock:
            changed = self._changed.pop(model, None)
        try:
            return self._read(model, changed, now)
        except OpsError:
            if changed is not None:  # the next look must not pass it over
                self._mark(model, changed)
            raise

    def _mark(self, model: str, second: int) -> None:
        with self._lock:
            self._changed[model] = min(second, self._changed.get(model, second))

    def _read(self, model: str, changed: int | None, now: datetime) -> Streamed:
        with self._looking, self.database.read() as session:
            usual = session.get(StreamUsual, model)
            if usual is None or not usual.rows:
                return _unknown(usual, now)
            served = Served.now(session, self.models[model])
            followed = self._followed.get(model)
            if followed is None or followed.basis != (usual.usual, served, usual.until):
                followed = Following(model, usual.usual, served, usual.until)
                self._followed[model] = followed
            seen, change = followed.look(session, changed)
        return _signal(seen, change, usual, now)

    def knows(self, model: str) -> bool:
        """Whether it was read what is usual, or that the reference does not say."""
        with self.database.read() as session:
            return session.get(StreamUsual, model) is not None

    def refresh(self, model: str) -> None:
        """Read what is usual, unless that was done a short while ago. Raises `Unavailable`."""
        with self.database.read() as session:
            known = session.get(StreamUsual, model)
        if known is not None and self.clock.now() - known.read_at < READ_EVERY:
            return
        errors, rows = self.usual_errors(self.models[model]) or (0, 0)
        with self.database.write() as session:
            row = session.get(StreamUsual, model) or StreamUsual(model=model, read_at=self.clock.now())
            row.read_at = self.clock.now()
            if rows >= LEAST_ROWS:
                row.errors, row.rows, row.basis, row.until = errors, rows, REFERENCE, None
            session.add(row)
            session.flush()
            learn(session, model)
        self.wake({model})

    def keep_up(self) -> None:
        """Forget what is old, and read what is usual of all models, the first time or anew."""
        with self.database.write() as session:
            forget(session, self.clock.now() - KEPT)
        failed: list[OpsError] = []
        for model in self.models:
            try:
                self.refresh(model)
            except OpsError as error:
                failed.append(error)
        if failed:
            raise failed[0]

    def streaming(self) -> set[str]:
        """The models of which something was pushed."""
        with self.database.read() as session:
            query = select(StreamStretch.model).distinct().where(col(StreamStretch.model).in_(self.models))
            return set(session.exec(query))

    @contextmanager
    def _durably(self) -> Iterator[Session]:
        """A transaction that is on the disk when it ends."""
        with self.database.durable() as durable:
            connection = durable.connection
            with self.database.written(connection), Session(connection, expire_on_commit=False) as session:
                yield session
                session.flush()
            durable.settle()

    def _check(self, one: Counts, now: datetime) -> None:
        if one.model not in self.models:
            known = ", ".join(sorted(self.models)) or "none"
            raise Invalid(
                f"{one.where}.model: no model is called “{one.model}”.",
                hint=f"Models under watch: {known}.",
                field=f"{one.where}.model",
            )
        one.check(now)


@dataclass(frozen=True)
class StreamGauge:
    """Reads one model's stream, as other gauges read what is outside."""

    streams: Streams
    model: str
    signal: str = STREAM
    unit: str = "ratio"
    source: str = "pushed counts"

    def read(self, now: datetime) -> Sequence[Streamed]:
        """How it stands."""
        return [self.streams.read(self.model, now)]


def _fresh(session: Session, source: str, counts: Sequence[Counts], now: datetime) -> list[Counts]:
    """Those that were not counted before; a key that stood for other counts is `Invalid`."""
    known = known_keys(session, source, {each.key for each in counts if each.key})
    fresh = []
    for each in counts:
        before = known.get(each.key) if each.key else None
        if before is not None and before != each.digest:
            raise each.wrong("key", f"“{each.key}” was used before, for other counts", "Use a new key.")
        if before is None:
            fresh.append(each)
        if each.key and before is None:
            known[each.key] = each.digest
            session.add(StreamKey(source=source, key=each.key, digest=each.digest, at=now))
    return fresh


def _unknown(usual: StreamUsual | None, now: datetime) -> Streamed:
    why = "it is being read how often the reference's answers are wrong"
    if usual is not None:
        why = "the reference has no labelled answers, and the stream too few to take the first for normal"
    return Streamed(STREAM, "ratio", "pushed counts", now, n=0, error=why)


def _signal(seen: Seen, change: Change | None, usual: StreamUsual, now: datetime) -> Streamed:
    return Streamed(
        STREAM,
        "ratio",
        "pushed counts",
        now,
        seen.errors / seen.rows if seen.rows else 0.0,
        n=seen.rows,
        window=timedelta(seconds=seen.last - seen.first),
        change=change,
        usual=usual.usual,
        basis=usual.basis,
        last_at=moment(seen.last) if seen.rows else None,
    )
