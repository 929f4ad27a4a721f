"""`/metrics`: what Prometheus reads, and who may ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.http_door import HttpDoor
from ops_core.alerts.heard import Heard
from tests import local
from tests.wire import Scene, ref, scene, until


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Scene]:
    """A bot whose metrics have no token."""
    with scene(tmp_path) as one:
        yield one


def samples(url: str, **headers: str) -> dict[tuple[str, ...], float]:
    """Every sample by its name and its labels."""
    answer = local.get(url, headers=headers).raise_for_status()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_what_was_said_and_what_waits_is_counted(stage: Scene) -> None:
    """From the rows, and from the calls of this process."""
    stage.fault("429", retry_after=0.1)
    card = stage.declare()
    stage.ana.wait_message("ml-incidents", ref(card))
    until(lambda: not stage.tocsin.tools.letters.health()["waiting"])
    with HttpDoor(stage.tocsin) as door:
        found = samples(f"http://127.0.0.1:{door.port}/metrics")
    assert found["tocsin_outbox_waiting", "page"] == 0 and found["tocsin_outbox_sent_total",] >= 6
    calls = "tocsin_slack_calls_total", "chat.postMessage"
    assert found[*calls, "limited"] == 1 and found[*calls, "ok"] == 2
    assert found["tocsin_alerts", "firing"] == 0


def test_what_somebody_has_is_counted_as_acknowledged(stage: Scene) -> None:
    """Each of the alerts of its card."""
    now = stage.tocsin.store.clock.now()
    for name, instances in (("Full", "ab"), ("Slow", "c")):
        labels = [{"alertname": name, "instance": one} for one in instances]
        stage.tocsin.tools.alerts.intake.take([Heard("prometheus", each, {}, now) for each in labels])
    stage.tocsin.tools.alerts.acknowledge(1, by=stage.ben.id)
    with HttpDoor(stage.tocsin) as door:
        found = samples(f"http://127.0.0.1:{door.port}/metrics")
    assert (found["tocsin_alerts", "acknowledged"], found["tocsin_alerts", "firing"]) == (2, 1)


def test_another_machine_needs_a_token(tmp_path: Path) -> None:
    """The right one, as a bearer token; without one, only this machine itself may ask."""
    with scene(tmp_path, more={"http": {"metrics_token": "s3cret"}}) as stage, HttpDoor(stage.tocsin) as door:
        url = f"http://127.0.0.1:{door.port}/metrics"
        assert [local.get(url, headers=one).status_code for one in ({}, {"authorization": "Bearer no"})] == [
            401
        ] * 2
        assert samples(url, authorization="Bearer s3cret")


def test_a_proxy_on_this_machine_does_not_open_it(stage: Scene) -> None:
    """It asks for somebody else."""
    with HttpDoor(stage.tocsin) as door:
        url = f"http://127.0.0.1:{door.port}/metrics"
        assert local.get(url, headers={"x-forwarded-for": "10.0.0.7"}).status_code == 401


def test_requests_are_timed_by_route(stage: Scene) -> None:
    """Paths that there are, each for itself; whatever else is asked for counts together."""
    with HttpDoor(stage.tocsin) as door:
        url = f"http://127.0.0.1:{door.port}"
        for path in ("/health", "/health", "/sources/nobody", "/a/b"):
            local.get(f"{url}{path}")
        found = until(lambda: _complete(samples(f"{url}/metrics")))
    assert found["tocsin_http_seconds_count", "/health"] == found["tocsin_http_seconds_count", "other"] == 2
    assert found["tocsin_http_seconds_bucket", "10.0", "/health"] == 2


def _complete(found: dict[tuple[str, ...], float]) -> dict[tuple[str, ...], float]:
    """The samples, once the last request is among them."""
    return found if found.get(("tocsin_http_seconds_count", "other")) == 2 else {}
