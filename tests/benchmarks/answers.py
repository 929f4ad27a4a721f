"""From an alert to the channel: a new group's card, and the edit of a card that is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests.benchmarks.alert_stand import AlertStand, Json, alert_stand
from tests.benchmarks.alertmanager import alertmanager, receiver
from tests.benchmarks.figure import Figure, percentile, spread
from tests.benchmarks.monitor import Post, alert, send, webhook
from tests.benchmarks.stand import until

NEW, CHANGES, BIG = 100, 20, 500
PAUSE_SECONDS = 0.15
CHANGE_SECONDS = 1.3


def measure(folder: Path) -> Iterator[Figure]:
    """New groups are P0, so that none of them becomes a line of a digest."""
    theirs, version = _theirs(folder)
    new, changed = (_measured(folder / what.__name__, what) for what in (_new, _changed))
    peer = f"Alertmanager {version} to a webhook, group_wait 0"
    name = "webhook received → Slack call, new group"
    yield Figure(f"{name}, p50", percentile(new, 50), "ms", 25, peer, percentile(theirs, 50), spread(new))
    yield Figure(f"{name}, p99", percentile(new, 99), "ms", 100, peer, percentile(theirs, 99))
    yield Figure(
        f"change in a group of {BIG} → its card edited, the longest",
        max(changed),
        "s",
        bar=1.2,
        peer="Alertmanager: uniform over group_interval, here 1 s (figure of the issue)",
        peer_value=0.995,
        note=spread(changed, 2),
    )


def _measured(folder: Path, what: Callable[[AlertStand], list[float]]) -> list[float]:
    """Each on a stand of its own: what a hundred pages leave to be said must not wait in the way."""
    folder.mkdir()
    with alert_stand(folder, limits=False) as stand:
        return what(stand)


def _edits(stand: AlertStand, known: int = 0) -> list[Json]:
    return [call for call in stand.calls() if call["method"] == "chat.update"][known:]


def _new(stand: AlertStand) -> list[float]:
    names = [f"New{number:03d}" for number in range(NEW)]
    posts = [Post(PAUSE_SECONDS * at, webhook([alert(name, severity="P0")])) for at, name in enumerate(names)]
    sent = send(stand.webhook, posts, connections=1)
    calls = until(lambda: _all(stand, names), "the cards", stand.log)
    return [(calls[name] - at) * 1000 for name, at in zip(names, sent.first_at, strict=True)]


def _all(stand: AlertStand, names: list[str]) -> dict[str, float]:
    """When each was first said; nothing before all of them were."""
    told = [(call["at"], str(call["args"])) for call in stand.said(stand.calls())]
    found = {name: min((at for at, words in told if name in words), default=0.0) for name in names}
    return found if all(found.values()) else {}


def _changed(stand: AlertStand) -> list[float]:
    """A group that is large changes now and then: one more of it fires."""
    first = [
        webhook(alert("Big", f"{number}-{each}", "P0") for each in range(50)) for number in range(BIG // 50)
    ]
    send(stand.webhook, [Post(0, body) for body in first])
    until(stand.quiet, "the group's card", stand.log)
    took = []
    for number in range(CHANGES):
        time.sleep(CHANGE_SECONDS)
        before = len(_edits(stand))
        sent = send(stand.webhook, [Post(0, webhook([alert("Big", f"more-{number}", "P0")]))])
        calls = until(partial(_edits, stand, before), "the edit", stand.log)
        took.append(calls[0]["at"] - sent.first_at[0])
    return took


def _theirs(folder: Path) -> tuple[list[float], str]:
    names = [f"New{number:03d}" for number in range(NEW)]
    sent: dict[str, float] = {}
    with receiver() as ear, alertmanager(folder, ear.url) as peer:
        for name in names:
            sent[name] = time.time()
            peer.fire([name])
            time.sleep(PAUSE_SECONDS / 3)
        until(
            lambda: len({name for name, _, _ in ear.heard}) == NEW,
            "Alertmanager's words",
            folder / "alertmanager/log",
        )
        heard = {name: at for name, _, at in reversed(ear.heard)}
        return [(heard[name] - sent[name]) * 1000 for name in names], peer.version
