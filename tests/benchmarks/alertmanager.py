"""The peer: a real Alertmanager, and a receiver that notes when each of its words came."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.benchmarks.alert_stand import free_port
from tests.benchmarks.stand import until

Json = dict[str, Any]


@dataclass
class Receiver:
    """What Alertmanager said, alert by alert: name, status, and when; `answer` is what it is told."""

    url: str = ""
    answer: int = 200
    heard: list[tuple[str, str, float]] = field(default_factory=list)
    requests: int = 0
    """Those that were answered as if nothing were wrong."""


@dataclass(frozen=True)
class Alertmanager:
    """A running Alertmanager."""

    url: str
    version: str
    http: httpx.Client
    """Kept, because to make one takes longer than Alertmanager takes to tell."""

    @property
    def alerts_url(self) -> str:
        """Where Prometheus would send."""
        return f"{self.url}/api/v2/alerts"

    def fire(self, names: Sequence[str], *, over: bool = False) -> None:
        """Tell it of alerts."""
        now = time.time()
        ends = _moment(now - 0.001) if over else _moment(now + 3600)
        alerts = [
            {"labels": {"alertname": name}, "startsAt": _moment(now - 60), "endsAt": ends} for name in names
        ]
        self.http.post(self.alerts_url, json=alerts).raise_for_status()


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A webhook receiver on loopback."""
    found = Receiver()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if found.answer == 200:
                found.requests += 1
                now = time.time()
                found.heard += [(one["labels"]["alertname"], one["status"], now) for one in told["alerts"]]
            self.send_response(found.answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found.url = f"http://127.0.0.1:{server.server_port}/"
        yield found
        server.shutdown()


@contextmanager
def alertmanager(folder: Path, webhook: str, interval: str = "1s") -> Iterator[Alertmanager]:
    """An Alertmanager that waits for nothing before the first word of a group."""
    program = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
    if program is None:
        raise FileNotFoundError("the peer is not installed: apt install prometheus-alertmanager")
    place = folder / "alertmanager"
    place.mkdir()
    route = {"receiver": "r", "group_by": ["alertname"], "group_wait": "0s", "group_interval": interval}
    hooks = [{"url": webhook, "send_resolved": True}]
    config = {
        "route": route | {"repeat_interval": "1h"},
        "receivers": [{"name": "r", "webhook_configs": hooks}],
    }
    (place / "alertmanager.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    port, log = free_port(), place / "log"
    options = {
        "config.file": place / "alertmanager.yml",
        "storage.path": place / "data",
        "web.listen-address": f"127.0.0.1:{port}",
        "cluster.listen-address": "",
    }
    with log.open("wb") as output:
        child = subprocess.Popen(
            [program, *(f"--{name}={value}" for name, value in options.items())],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        until(lambda: _is_ready(url), "Alertmanager", log)
        with httpx.Client(trust_env=False) as http:
            yield Alertmanager(url, _version(url), http)
    finally:
        child.terminate()
        child.wait(20)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/-/ready", trust_env=False).is_success
    except httpx.TransportError:
        return False


def _version(url: str) -> str:
    status = httpx.get(f"{url}/api/v2/status", trust_env=False).json()
    return str(status["versionInfo"]["version"])


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{int(seconds * 1000) % 1000:03d}Z"
