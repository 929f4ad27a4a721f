"""Small receivers on loopback: PagerDuty's Events API v2, Opsgenie, a webhook, all kept in memory."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ACTIONS = ("trigger", "acknowledge", "resolve")
SEVERITIES = ("critical", "error", "warning", "info")
Json = dict[str, Any]


@dataclass
class Receiver:
    """What came, oldest first. `fail` is answered instead, as long as there is some of it left."""

    url: str = ""
    requests: list[tuple[str, Json, bytes]] = field(default_factory=list)
    fail: list[tuple[int, Json]] = field(default_factory=list)
    documents: dict[str, Any] = field(default_factory=dict)
    """What is answered to a GET, by the path without its query."""

    @property
    def events(self) -> list[Json]:
        """The bodies that were accepted or not."""
        return [json.loads(body) for _path, _headers, body in self.requests if body]

    def answer(self, path: str, headers: Json, body: bytes) -> tuple[int, Json]:
        """Status and body; PagerDuty's rules hold on its path."""
        self.requests.append((path, headers, body))
        if self.fail:
            return self.fail.pop(0)
        if not body:
            found = self.documents.get(path.partition("?")[0])
            return (404, {"message": "Not Found"}) if found is None else (200, found)
        if path != "/v2/enqueue":
            return 202, {"result": "Request will be processed"}
        return _enqueued(json.loads(body))


def _enqueued(event: Json) -> tuple[int, Json]:
    """As PagerDuty checks it: key, action, and of a trigger its summary, source and severity."""
    errors = [] if len(event.get("routing_key", "")) == 32 else ["Length of 'routing_key' is incorrect"]
    if event.get("event_action") not in ACTIONS:
        errors.append("'event_action' is invalid")
    if event.get("event_action") == "trigger":
        payload = event.get("payload") or {}
        errors += [f"'payload.{name}' is missing" for name in ("summary", "source") if not payload.get(name)]
        errors += [] if payload.get("severity") in SEVERITIES else ["'payload.severity' is invalid"]
    elif not event.get("dedup_key"):
        errors.append("'dedup_key' is missing")
    if errors:
        return 400, {"status": "invalid event", "message": "Event object is invalid", "errors": errors}
    return 202, {"status": "success", "message": "Event processed", "dedup_key": event.get("dedup_key", "x")}


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens."""
    receiver = Receiver()

    class _Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take a body."""
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def do_GET(self) -> None:
            """Give a document."""
            self._answer(b"")

        def _answer(self, body: bytes) -> None:
            status, said = receiver.answer(self.path, dict(self.headers), body)
            written = said.encode() if isinstance(said, str) else json.dumps(said).encode()
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "7")
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
