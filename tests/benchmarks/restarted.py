"""Steps of an escalation that fall due while the bot is down: how soon after its start people are paged."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.alert_stand import AlertStand, Json, alert_stand
from tests.benchmarks.figure import Figure
from tests.benchmarks.monitor import Post, alert, send, webhook
from tests.benchmarks.stand import until

ALERTS = [f"Late{number}" for number in range(3)]
DUE_SECONDS = (6, 8)
DOWN_SECONDS = 75
"""Longer than a minute, from which on it is said that a page comes late."""
LATE = "late because Tocsin was not running"
PEOPLE = {"ana": "ana@example.test", "lead": "ben@example.test", "manager": "chloe@example.test"}


def measure(folder: Path) -> Iterator[Figure]:
    """The bot is killed after the first page of each alert, and started when two more steps are overdue."""
    with alert_stand(folder, limits=False, oncall=_on_call()) as stand:
        send(stand.webhook, [Post(0, webhook([alert(name, severity="P0")])) for name in ALERTS])
        until(partial(_pages, stand, len(ALERTS)), "the first pages", stand.log)
        stand.kill()
        time.sleep(DOWN_SECONDS)
        stand.start()
        ready = time.time()
        pages = until(partial(_pages, stand, 3 * len(ALERTS)), "the late pages", stand.log)[len(ALERTS) :]
        notes = until(partial(_notes, stand), "the notes in the threads", stand.log)
        until(stand.quiet, "the end", stand.log)
        once = len(_pages(stand, 0)) == 3 * len(ALERTS) and len(_notes(stand)) == len(ALERTS)
    longest = max(call["at"] for call in [*pages, *notes]) - ready
    yield Figure(
        f"escalation due in {DOWN_SECONDS} s without a bot: ready → the last of {len(pages)} late pages",
        max(longest, 0.0),
        "s",
        bar=1.0,
        note=f"one line for both steps of each alert, which says that it is late: {'yes' if once else 'NO'}",
        is_sound=once,
    )


def _on_call() -> Json:
    steps: list[Json] = [{"page": ["on_call"]}]
    for person, seconds in zip(("lead", "manager"), DUE_SECONDS, strict=True):
        steps.append({"page": [person], "after": f"{seconds}s"})
    return {
        "people": {key: {"slack": address} for key, address in PEOPLE.items()},
        "schedules": {"ml": {"layers": [{"people": ["ana"]}]}},
        "policies": {"now": {"at": ["P0"], "steps": steps}},
    }


def _pages(stand: AlertStand, least: int) -> list[Json]:
    """The direct messages that page somebody, oldest first; nothing while there are fewer than so many."""
    found = [call for call in _posts(stand) if "You are paged" in _words(call)]
    return found if len(found) >= least else []


def _notes(stand: AlertStand) -> list[Json]:
    """The lines in threads that tell of late pages; nothing while one is missing."""
    found = [call for call in _posts(stand) if LATE in _words(call)]
    return found if len(found) >= len(ALERTS) else []


def _posts(stand: AlertStand) -> list[Json]:
    return [call for call in stand.calls() if call["method"] == "chat.postMessage"]


def _words(call: dict[str, Any]) -> str:
    return str(call["args"])
