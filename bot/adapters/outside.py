"""Plain HTTP questions to other systems: bounded in time and size, with errors that say what to mend."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from bot.adapters import trust
from ops_core.errors import Unavailable

LARGEST_BYTES = 8_000_000


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True)
class Outside:
    """Asks one system at a time; `name` is what errors call it, `timeout` holds for the whole answer."""

    name: str
    timeout: timedelta = timedelta(seconds=5)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def _client(self) -> Any:
        import httpx  # heavy: 0.2 s

        # A proxy from the environment is for the outside of the house, not for its own monitors.
        return httpx.Client(
            timeout=self.timeout.total_seconds(),
            headers=dict(self.headers),
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,
            verify=trust.of_httpx(trust_env=False),
        )

    def get(self, url: str, params: Mapping[str, str] | None = None) -> Answer:
        """The answer to GET. Raises `Unavailable` when there is none in time, or one that is too large."""
        import httpx  # heavy: 0.2 s

        try:
            return self._get(url, params)
        except httpx.TimeoutException:
            raise self._late() from None
        except httpx.ConnectError as problem:
            raise Unavailable(
                f"{self.name} cannot be reached: {problem}.", hint="Is the address right?"
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            raise Unavailable(f"{self.name} gave no usable answer: {problem}.") from None

    def _get(self, url: str, params: Mapping[str, str] | None) -> Answer:
        until = time.monotonic() + self.timeout.total_seconds()
        body = bytearray()
        with self._client.stream("GET", url, params=params) as response:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > LARGEST_BYTES:
                    raise Unavailable(
                        f"{self.name} answered with more than {LARGEST_BYTES // 1_000_000} MB.",
                        hint="Ask for less: aggregate in the query.",
                        may_retry=False,
                    )
                if time.monotonic() > until:  # drop by drop is late, too
                    raise self._late()
            return Answer(response.status_code, dict(response.headers), bytes(body))

    def _late(self) -> Unavailable:
        return Unavailable(f"{self.name} did not answer within {self.timeout.total_seconds():g} s.")
