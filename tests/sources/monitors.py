"""Debian's Prometheus and Alertmanager, started by hand on loopback."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from tests import local
from tests.wire import until

PROMETHEUS, ALERTMANAGER = shutil.which("prometheus"), shutil.which("prometheus-alertmanager")


def installed() -> None:
    """Skip where they are not, but never where CI is set."""
    if not (PROMETHEUS and ALERTMANAGER) and not os.environ.get("CI"):
        pytest.skip("apt install prometheus prometheus-alertmanager")


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def is_ready(address: str) -> bool:
    """Whether a server of either kind says that it is."""
    try:
        return local.get(f"{address}/-/ready").status_code == 200
    except httpx.TransportError:
        return False


class RealAlertmanager:
    """One Alertmanager that tells a webhook, as fast as it can."""

    def __init__(self, folder: Path, webhook: str, token: str) -> None:
        self.folder = folder
        self._began: dict[str, datetime] = {}
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        receiver = {
            "name": "tocsin",
            "webhook_configs": [{"url": webhook, "http_config": {"authorization": {"credentials": token}}}],
        }
        route = {
            "receiver": "tocsin",
            "group_by": ["alertname"],
            "group_wait": "100ms",
            "group_interval": "200ms",
            "repeat_interval": "1h",
        }
        (folder / "am.yml").write_text(json.dumps({"route": route, "receivers": [receiver]}))

    def start(self) -> None:
        """Begin, with what its folder remembers."""
        self._process = subprocess.Popen(
            [
                str(ALERTMANAGER),
                f"--config.file={self.folder / 'am.yml'}",
                f"--storage.path={self.folder / 'am'}",
                f"--web.listen-address=127.0.0.1:{self.port}",
                "--cluster.listen-address=",
            ],
            stderr=subprocess.DEVNULL,
        )
        until(lambda: is_ready(self.address), 30)

    def stop(self) -> None:
        """Kill it; its alerts are in no file."""
        self._process.kill()
        self._process.wait()

    def fire(self, name: str, *, over: bool = False, **labels: str) -> None:
        """Fire an alert as Prometheus would, or say that it is over."""
        now = datetime.now(UTC)
        alert = {
            "startsAt": self._began.setdefault(name, now).isoformat(),
            "labels": {"alertname": name, "service": "churn"} | labels,
            "annotations": {"summary": f"{name} is on"},
            "endsAt": (now if over else now + timedelta(hours=1)).isoformat(),
        }
        local.post(f"{self.address}/api/v2/alerts", json=[alert]).raise_for_status()

    def silence(self, name: str) -> None:
        """Silence an alert for an hour."""
        now = datetime.now(UTC)
        matcher = {"name": "alertname", "value": name, "isRegex": False, "isEqual": True}
        wish = {
            "matchers": [matcher],
            "startsAt": now.isoformat(),
            "endsAt": (now + timedelta(hours=1)).isoformat(),
            "createdBy": "ana",
            "comment": "known",
        }
        local.post(f"{self.address}/api/v2/silences", json=wish).raise_for_status()

    def alerts(self) -> dict[str, str]:
        """The state of each alert that it knows."""
        found = local.get(f"{self.address}/api/v2/alerts").json()
        return {one["labels"]["alertname"]: one["status"]["state"] for one in found}


@contextmanager
def alertmanager(folder: Path, webhook: str, token: str) -> Iterator[RealAlertmanager]:
    """An Alertmanager that runs."""
    running = RealAlertmanager(folder, webhook, token)
    running.start()
    try:
        yield running
    finally:
        running.stop()


class Latency(BaseHTTPRequestHandler):
    """A model server's metrics page, whose one number the test sets."""

    seconds = 1.0

    def do_GET(self) -> None:
        """The number, as Prometheus reads it."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"model_latency_seconds {type(self).seconds}\n".encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def prometheus(folder: Path, watched: RealAlertmanager) -> Iterator[type[Latency]]:
    """A Prometheus that scrapes a number and fires when it is above 2; the number can be set."""
    page = type("Page", (Latency,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), page)
    Thread(target=server.serve_forever, daemon=True).start()
    rule = {
        "alert": "HighLatency",
        "expr": "model_latency_seconds > 2",
        "labels": {"severity": "warning"},
        "annotations": {"summary": "p99 is {{ $value }} s"},
    }
    groups = {"groups": [{"name": "models", "interval": "200ms", "rules": [rule]}]}
    (folder / "rules.yml").write_text(json.dumps(groups))
    target = {"targets": [f"127.0.0.1:{server.server_port}"], "labels": {"service": "churn"}}
    config = {
        "global": {"scrape_interval": "200ms", "scrape_timeout": "200ms", "evaluation_interval": "200ms"},
        "rule_files": [str(folder / "rules.yml")],
        "scrape_configs": [{"job_name": "model", "static_configs": [target]}],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{watched.port}"]}]}]},
    }
    (folder / "prometheus.yml").write_text(json.dumps(config))
    port = free_port()
    process = subprocess.Popen(
        [
            str(PROMETHEUS),
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'tsdb'}",
            f"--web.listen-address=127.0.0.1:{port}",
        ],
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: is_ready(f"http://127.0.0.1:{port}"), 30)
        yield page
    finally:
        process.kill()
        process.wait()
        server.shutdown()
        server.server_close()
