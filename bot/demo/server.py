"""A small model server: `POST /predict` and `GET /health`, with whatever version the alias names.

Run as `python -m bot.demo.server --dir D --port N`.
"""

from __future__ import annotations

import argparse
import socket
from pathlib import Path

import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.demo.child import WITH_PARENT, stop_with_parent
from bot.demo.following import FEATURES, Follower
from bot.demo.models import Floats, scores
from bot.demo.places import ALIAS, MODEL, Places
from ops_core.clock import SystemClock

MOST_ROWS = 10_000


class ModelServer:
    """Answers with the version that its follower has loaded."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower

    async def predict(self, request: Request) -> JSONResponse:
        """`{"rows": [[30 numbers], …]}` → predictions, scores and the version that made them."""
        loaded = self._follower.loaded
        if loaded is None:
            return _refused(503, self._follower.error or "no version is loaded yet")
        try:
            rows = as_rows(await request.json())
        except ValueError as problem:
            return _refused(400, str(problem))
        score = scores(loaded.pipeline, rows)
        predictions = (score >= 0.5).astype(int).tolist()
        return JSONResponse({"predictions": predictions, "scores": score.tolist(), "version": loaded.version})

    async def health(self, _: Request) -> JSONResponse:
        """What is served since when, and what is wrong with that."""
        loaded, error = self._follower.loaded, self._follower.error
        report = {"status": "degraded" if error else "ok", "model": MODEL, "alias": ALIAS, "error": error}
        if loaded is None:
            return JSONResponse({**report, "version": None, "loaded_at": None}, 503)
        return JSONResponse({**report, "version": loaded.version, "loaded_at": loaded.loaded_at.isoformat()})


def as_rows(body: object) -> Floats:
    """The rows of a request as an array of n × 30; raises `ValueError` that says what is wrong with them."""
    rows = body.get("rows") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_ROWS:
        raise ValueError(f"the body must be {{“rows”: […]}} with 1 to {MOST_ROWS} rows")
    try:
        array = np.asarray(rows, dtype=np.float64)
    except (ValueError, TypeError) as problem:
        raise ValueError(f"every row must be {FEATURES} numbers: {problem}") from None
    if array.shape != (len(rows), FEATURES) or not np.isfinite(array).all():
        raise ValueError(f"every row must be {FEATURES} finite numbers")
    return array


def _refused(status: int, error: str) -> JSONResponse:
    return JSONResponse({"error": error}, status)


def serve(folder: Path, listening: socket.socket) -> None:
    """Serve on a bound socket until the process is asked to stop."""
    follower = Follower(Places(folder).database, SystemClock())
    follower.start()
    served = ModelServer(follower)
    routes = [
        Route("/predict", served.predict, methods=["POST"]),
        Route("/health", served.health, methods=["GET"]),
    ]
    config = uvicorn.Config(Starlette(routes=routes), log_level="warning", ws="none", lifespan="off")
    uvicorn.Server(config).run(sockets=[listening])
    follower.stop()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.demo.server", description=__doc__)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fd", type=int, help="a socket that the parent has bound already")
    parser.add_argument(WITH_PARENT, action="store_true", help="stop when standard input ends")
    given = parser.parse_args()
    if given.with_parent:
        stop_with_parent()
    serve(given.dir, _bound(given.port, given.fd))


def _bound(port: int, descriptor: int | None) -> socket.socket:
    if descriptor is not None:
        return socket.socket(fileno=descriptor)
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    return listening


if __name__ == "__main__":
    main()
