"""Serves an ASGI application from a thread of its own."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

from starlette.types import ASGIApp

from ops_core.errors import Invalid

if TYPE_CHECKING:
    import uvicorn

BACKLOG = 2_048
"""Connections that may wait to be accepted: a storm comes all at once."""


class Listening:
    """Listens on an address until the block ends; with port 0, `port` is the one that was free."""

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> None:
        self.app = app
        self.host = host
        self.port = port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        import uvicorn  # heavy: 0.1 s, and not needed in Socket Mode without health probes

        listener = _listen(self.host, self.port)
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(
            self.app,
            interface="asgi3",
            log_level="warning",
            access_log=False,
            lifespan="off",
            server_header=False,
            proxy_headers=False,  # nobody asks where a request came from
        )
        self._server = uvicorn.Server(config)
        run = self._server.run
        self._thread = threading.Thread(target=run, kwargs={"sockets": [listener]}, name="http", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Answer what was asked and close."""
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(10)


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=BACKLOG)
    except OSError as error:
        raise Invalid(
            f"http: {host}:{port} cannot be listened on: {error.strerror}.", hint="Choose another http.port."
        ) from error
