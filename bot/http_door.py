"""The HTTP door: health for probes, and Slack's signed requests in HTTP mode."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

from slack_bolt import BoltRequest
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.wiring import Tocsin
from ops_core.errors import Invalid, OpsError

if TYPE_CHECKING:
    import uvicorn

LARGEST_BODY = 1_000_000


class HttpDoor:
    """Serves from a thread of its own until the block ends; `port` is the one it listens on."""

    def __init__(self, tocsin: Tocsin) -> None:
        self.tocsin = tocsin
        self.port = 0
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        import uvicorn  # heavy: 0.1 s, and not needed in Socket Mode without health probes

        http = self.tocsin.settings.http
        listener = _listen(http.host, http.port or 0)
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(self._app(), log_level="warning", access_log=False, lifespan="off")
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

    def _app(self) -> Starlette:
        routes = [Route("/health", self._health)]
        if self.tocsin.settings.slack.mode == "http":
            routes.append(Route("/slack/events", self._slack, methods=["POST"]))
        return Starlette(routes=routes)

    def _health(self, _request: Request) -> Response:
        try:
            with self.tocsin.database.read() as session:
                session.execute(text("SELECT 1"))
        except OpsError as error:
            return JSONResponse({"status": "failing", "error": error.message}, status_code=503)
        return JSONResponse({"status": "ok"})

    async def _slack(self, request: Request) -> Response:
        """Slack's requests; bolt checks the signature. Dispatched in a thread, since bolt is synchronous."""
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                return JSONResponse({"error": "too large"}, status_code=413)
        try:
            asked = BoltRequest(
                body=body.decode(), headers=dict(request.headers), query=str(request.query_params)
            )
        except ValueError:  # no UTF-8, or no JSON where Slack sends some
            return JSONResponse({"error": "not a request of Slack's"}, status_code=400)
        answer = await run_in_threadpool(self.tocsin.app.dispatch, asked)
        headers = {name: values[0] for name, values in answer.headers.items()}
        return Response(answer.body, answer.status, headers)


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise Invalid(
            f"http: {host}:{port} cannot be listened on: {error.strerror}.", hint="Choose another http.port."
        ) from error
