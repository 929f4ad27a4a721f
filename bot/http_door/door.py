"""Sends each request to its part of the door."""

from __future__ import annotations

from collections import defaultdict
from time import perf_counter

from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.http_door.bodies import path_of
from bot.http_door.listening import Listening
from bot.http_door.metrics import MetricsDoor
from bot.http_door.slack import SlackDoor
from bot.http_door.sources import PREFIX, SourcesDoor
from bot.metrics import Metrics
from bot.traffic import Latency
from bot.wiring.building import Tocsin
from ops_core.errors import OpsError

PAGES = (HEALTH, METRICS, EVENTS) = ("/health", "/metrics", "/slack/events")


class HttpDoor(Listening):
    """Serves until the block ends; `port` is the one it listens on."""

    def __init__(self, tocsin: Tocsin) -> None:
        http = tocsin.settings.http
        super().__init__(self._serve, http.host, http.port or 0)
        self.tocsin = tocsin
        reception = tocsin.reception
        self.sources = SourcesDoor(reception.by_name, reception.submit, tocsin.store.clock, http.largest_body)
        self.latencies: dict[str, Latency] = defaultdict(Latency)
        """How long requests took, by route; what there is not counts together."""
        self._pages = self._rest()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Alerts go straight to their door, everything else through Starlette."""
        path, begun = path_of(scope), perf_counter()
        if path.startswith(PREFIX):
            await self.sources(scope, receive, send)
        else:
            await self._pages(scope, receive, send)
        self.latencies[self._route(path)].add(perf_counter() - begun)

    def _route(self, path: str) -> str:
        """A path that there is, so that strangers cannot make up metrics."""
        there = path in PAGES or path.removeprefix(PREFIX) in self.sources.sources
        return path if there else "other"

    def _rest(self) -> Starlette:
        traffic = self.tocsin.sender.courier.slack.traffic
        metrics = Metrics(self.tocsin.store, traffic, self.sources.counts, self.latencies)
        token = self.tocsin.settings.http.metrics_token.get_secret_value()
        routes = [Route(HEALTH, self._health), Route(METRICS, MetricsDoor(metrics, token).show)]
        if self.tocsin.settings.slack.mode == "http":
            routes.append(Route(EVENTS, SlackDoor(self.tocsin.app).events, methods=["POST"]))
        return Starlette(routes=routes)

    def _health(self, _request: Request) -> Response:
        try:
            with self.tocsin.database.read() as session:
                session.execute(text("SELECT 1"))
        except OpsError as error:
            return JSONResponse({"status": "failing", "error": error.message}, status_code=503)
        return JSONResponse({"status": "ok"})
