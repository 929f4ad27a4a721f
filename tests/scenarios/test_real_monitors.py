"""A real Prometheus and a real Alertmanager fire, silence and resolve into the bot, and into Slack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sources.monitors import RealAlertmanager, alertmanager, free_port, installed, prometheus
from tests.wire import Scene, said, scene

pytestmark = pytest.mark.slow
SECRET = "a secret of twenty letters"


@dataclass
class Watch:
    """A bot, and an Alertmanager that tells it."""

    stage: Scene
    monitor: RealAlertmanager

    def card(self, *words: str, without: str = "\0") -> Any:
        """The card that says all of these words."""
        return self.stage.ana.wait_message(
            "ml-alerts",
            lambda each: all(word in said(each) for word in words) and without not in said(each),
        )

    def cards(self, name: str) -> list[Any]:
        """How often people are told of an alert."""
        return [each for each in self.stage.ana.messages("ml-alerts") if name in said(each)]


@pytest.fixture
def settle() -> str:
    """How long a restarted Alertmanager may have forgotten alerts."""
    return "0s"


@pytest.fixture
def watch(tmp_path: Path, settle: str) -> Iterator[Watch]:
    """Both, running; they are compared at the bot's start only."""
    installed()
    (tmp_path / "token").write_text(SECRET)
    port = free_port()
    with alertmanager(tmp_path, f"http://127.0.0.1:{port}/sources/am", SECRET) as monitor:
        one = {"kind": "alertmanager", "secret_file": "token", "url": monitor.address, "every": "1h"}
        more = {"http": {"port": port}, "sources": {"am": one | {"settle": settle}}}
        with scene(tmp_path, more=more) as stage:
            yield Watch(stage, monitor)


def test_prometheus_fires_and_resolves_into_slack(watch: Watch, tmp_path: Path) -> None:
    """One card, which is edited when the model server is fast again."""
    with prometheus(tmp_path, watch.monitor) as server:
        server.seconds = 5.0
        fired = watch.card("HighLatency", "p99 is 5 s")
        server.seconds = 1.0
        over = watch.card("HighLatency", "esolved")
    assert fired["ts"] == over["ts"] and len(watch.cards("HighLatency")) == 1


def test_what_fires_while_the_bot_is_down_is_told_at_its_start(watch: Watch) -> None:
    """Nothing missing, and nothing stuck in firing."""
    watch.monitor.fire("EndsMeanwhile")
    watch.card("EndsMeanwhile")
    watch.stage.stop()
    watch.monitor.fire("EndsMeanwhile", over=True)
    watch.monitor.fire("BeginsMeanwhile")
    watch.stage.start()
    watch.card("BeginsMeanwhile")
    watch.card("EndsMeanwhile", "esolved")
    assert len(watch.cards("EndsMeanwhile")) == len(watch.cards("BeginsMeanwhile")) == 1


def test_what_an_alertmanager_lost_ends(watch: Watch) -> None:
    """It was killed, knows nothing any more, and will never say that it is over."""
    watch.monitor.fire("Lost")
    watch.card("Lost")
    watch.stage.stop()
    watch.monitor.stop()
    watch.monitor.start()
    watch.stage.start()
    watch.card("Lost", "esolved")
    assert watch.monitor.alerts() == {} and len(watch.cards("Lost")) == 1


def test_what_is_silenced_there_is_not_told_here(watch: Watch) -> None:
    """Neither by its webhook nor by the comparison; what fires beside it is."""
    watch.monitor.silence("Hushed")
    watch.monitor.fire("Hushed")
    watch.stage.stop()
    watch.monitor.fire("Loud")
    watch.stage.start()
    watch.card("Loud")
    assert watch.monitor.alerts() == {"Hushed": "suppressed", "Loud": "active"}
    assert watch.cards("Hushed") == []


@pytest.mark.parametrize("settle", ["1h"])
def test_a_restarted_alertmanager_ends_nothing_at_first(watch: Watch) -> None:
    """Its Prometheus tells it again soon; until then its silence proves nothing."""
    watch.monitor.fire("Forgotten")
    watch.card("Forgotten")
    watch.stage.stop()
    watch.monitor.stop()
    watch.monitor.start()
    watch.monitor.fire("Fresh")
    watch.stage.start()
    watch.card("Fresh")
    assert all("esolved" not in said(each) for each in watch.cards("Forgotten"))
