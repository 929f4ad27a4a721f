"""A real Prometheus on loopback that scrapes a page of ours."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError

import pytest

BINARY = shutil.which("prometheus")


@dataclass
class Page:
    """What /metrics says, as text that a test sets."""

    text: str = "up_and_well 1\n"
    scrapes: int = 0
    url: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def serving(page: Page) -> Iterator[Page]:
    """The page on a port of loopback."""

    class Metrics(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page.scrapes += 1
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(page.text.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Metrics)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page.url = f"127.0.0.1:{server.server_port}"
    try:
        yield page
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def prometheus(folder: Path, page: Page) -> Iterator[str]:
    """The address of a server that scrapes the page ten times a second; skipped where there is none."""
    if BINARY is None:
        if os.environ.get("CI"):
            pytest.fail("Prometheus is missing: apt install prometheus")
        pytest.skip("Prometheus is not installed: apt install prometheus")
    config = folder / "prometheus.yml"
    config.write_text(
        "scrape_configs:\n- job_name: model\n  scrape_interval: 100ms\n  scrape_timeout: 100ms\n"
        f"  static_configs: [{{targets: ['{page.url}']}}]\n"
    )
    port = _free_port()
    address = f"127.0.0.1:{port}"
    command = [BINARY, f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}"]
    command += [f"--web.listen-address={address}", "--log.level=error"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: _answers(f"http://{address}/-/ready"))
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for a condition."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came true"
        threading.Event().wait(0.02)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310  # our own address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port
