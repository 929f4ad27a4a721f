"""Our intake is down while a real Alertmanager fires; afterwards nothing is missing, nothing is stuck."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.alert_stand import AlertStand, alert_stand
from tests.benchmarks.alertmanager import Alertmanager, alertmanager
from tests.benchmarks.figure import Figure
from tests.scenarios.chaos import wait_until

EACH = 10
DOWN_SECONDS = 20
PATIENCE_SECONDS = 60
STUCK = [f"Stuck{number}" for number in range(EACH)]
MISSED = [f"Missed{number}" for number in range(EACH)]


def measure(folder: Path) -> Iterator[Figure]:
    """Half of the alerts end while we are away, the other half begin; with the comparison and without it."""
    (wrong, took), (left, _) = _run(folder / "compared", compare=True), _run(folder / "alone", compare=False)
    note = "; ".join(wrong[:3]) or "as the Alertmanager's API has it"
    name = f"intake down for {DOWN_SECONDS} s: of {2 * EACH} alerts, missing or stuck"
    yield Figure(name, len(wrong), "alerts", 0, "its retries alone, without our comparison", len(left), note)
    yield Figure("… from the start of the bot to the last card", took, "s")


def _run(folder: Path, *, compare: bool) -> tuple[list[str], float]:
    folder.mkdir()
    with alert_stand(folder, limits=False) as stand, alertmanager(folder, stand.webhook) as monitor:
        source: dict[str, object] = {"kind": "alertmanager", "open": True}
        stand.more["sources"] = {
            "alertmanager": source | ({"url": monitor.url, "settle": "0s"} if compare else {})
        }
        stand.stop()
        stand.start()
        return _played(stand, monitor)


def _played(stand: AlertStand, monitor: Alertmanager) -> tuple[list[str], float]:
    monitor.fire(STUCK)
    wait_until(lambda: not _wrong(stand, dict.fromkeys(STUCK, "firing")), PATIENCE_SECONDS)
    stand.kill()
    monitor.fire(MISSED)
    monitor.fire(STUCK, over=True)
    time.sleep(DOWN_SECONDS)
    began = time.monotonic()
    stand.start()
    truth = dict.fromkeys(STUCK, "resolved") | dict.fromkeys(MISSED, "firing")
    wait_until(lambda: not _wrong(stand, truth), PATIENCE_SECONDS)
    return _wrong(stand, truth), time.monotonic() - began


def _wrong(stand: AlertStand, truth: dict[str, str]) -> list[str]:
    """Alerts that stand nowhere, twice, or in a state that is not the truth."""
    words = [f"{each['text']} {each.get('blocks')}" for each in stand.messages()]
    return [found for name, state in truth.items() if (found := _odd(words, name, state))]


def _odd(words: list[str], name: str, state: str) -> str:
    about = [told for told in words if name in told]
    if len(about) != 1:
        return f"{name} stands in {len(about)} messages"
    line = next(line for line in about[0].split("\\n") if name in line)
    return "" if ("resolved" in line) == (state == "resolved") else f"{name} is not said to be {state}"
