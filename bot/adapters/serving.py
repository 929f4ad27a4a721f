"""Asks a model server over HTTP how it is and what it serves."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import cached_property
from typing import Any

from bot.adapters import trust
from ops_core.clock import Clock, SystemClock
from ops_core.registry import ServingState


class HttpServing:
    """Probes `GET <url>/health`, which answers `{"status": "ok", "model": …, "version": …}`.

    Never raises for a server that is down, slow or talks nonsense: that is what a probe is to find out.
    """

    def __init__(self, timeout: timedelta = timedelta(seconds=3), clock: Clock | None = None) -> None:
        self._timeout = timeout
        self._clock = clock or SystemClock()

    @cached_property
    def _client(self) -> Any:
        import httpx  # heavy: 0.2 s

        # Its connections are not kept, because one that the server has closed would count as a failure.
        # A proxy from the environment is for the outside.
        return httpx.Client(
            timeout=self._timeout.total_seconds(),
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,
            verify=trust.of_httpx(trust_env=False),
        )

    def probe(self, url: str) -> ServingState:
        """The state of the server at `url`."""
        client = self._client
        probed_at, start = self._clock.now(), time.perf_counter()
        version, error = self._ask(client, f"{url.rstrip('/')}/health")
        latency = timedelta(seconds=time.perf_counter() - start)
        return ServingState(url, error is None, version, latency, error, probed_at)

    def _ask(self, client: Any, address: str) -> tuple[str | None, str | None]:
        import httpx  # heavy: 0.2 s

        try:
            return _read(client.get(address))
        except httpx.TimeoutException:
            return None, f"no answer within {self._timeout.total_seconds():g} s"
        except httpx.ConnectError as problem:
            return None, f"cannot connect: {problem}"
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            return None, f"no usable answer: {problem}"


def _read(response: Any) -> tuple[str | None, str | None]:
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return None, f"answered {response.status_code}, but not with a health report"
    version = None if body.get("version") is None else str(body["version"])
    if response.status_code == 200 and body.get("status") == "ok":
        return version, None
    detail = body.get("error") or f"status is {body.get('status')!r}"
    return version, f"answered {response.status_code}: {detail}"
