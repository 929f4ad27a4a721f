"""`GET /metrics`: for monitors that know the token, or that run on this machine when there is none."""

from __future__ import annotations

import hmac
import ipaddress

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.metrics import Metrics
from ops_core.errors import OpsError

FORMAT = "text/plain; version=0.0.4; charset=utf-8"


class MetricsDoor:
    """Closed without a token, except for this machine's own requests."""

    def __init__(self, metrics: Metrics, token: str) -> None:
        self.metrics = metrics
        self.token = token

    def show(self, request: Request) -> Response:
        """The metrics, or why not."""
        if not self._may_see(request):
            said = {"error": "give the token of http.metrics_token as a bearer token"}
            return JSONResponse(said, status_code=401, headers={"www-authenticate": "Bearer"})
        try:
            return Response(self.metrics.text(), media_type=FORMAT)
        except OpsError as error:
            return JSONResponse({"error": error.message}, status_code=503)

    def _may_see(self, request: Request) -> bool:
        if self.token:
            given = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
            return hmac.compare_digest(given, self.token.encode())
        return _is_own(request)


def _is_own(request: Request) -> bool:
    """From this machine, and not handed on by a proxy on it."""
    handed_on = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    host = request.client.host if request.client else ""
    try:
        return not handed_on and ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
