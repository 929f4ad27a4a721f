"""Asks a running Prometheus Alertmanager, by version 2 of its API."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.adapters import trust
from bot.sources import reading
from ops_core.errors import Invalid, Unavailable


@dataclass(frozen=True, repr=False)
class Alertmanager:
    """One Alertmanager; `token` is a bearer token, `receiver` narrows its alerts to those of one receiver."""

    url: str
    token: str = ""
    receiver: str | None = None
    timeout: float = 10

    def alerts(self) -> list[dict[str, Any]]:
        """All alerts that it knows. Raises `Unavailable` when it does not answer."""
        only = {"receiver": f"^{re.escape(self.receiver)}$"} if self.receiver else {}
        found = reading.rows(self._get("alerts", only), "its alerts")
        return [reading.record(each, "an alert") for each in found]

    def started_at(self) -> datetime:
        """Since when it runs. Raises `Unavailable` when it does not answer."""
        since = reading.moment(reading.record(self._get("status"), "its status").get("uptime"), "uptime")
        if since is None:
            raise Invalid(f"The Alertmanager at {self._host} does not say since when it runs.")
        return since

    def _get(self, what: str, query: dict[str, str] | None = None) -> Any:
        import httpx  # heavy: 0.2 s

        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            answer = httpx.get(
                f"{self.url.rstrip('/')}/api/v2/{what}",
                params=query,
                headers=headers,
                timeout=self.timeout,
                verify=trust.of_httpx(trust_env=True),
            ).raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = getattr(getattr(error, "response", None), "status_code", None) or type(error).__name__
            raise Unavailable(
                f"The Alertmanager at {self._host} did not answer: {why}.",
                hint="Its alerts come by webhook all the same; look at sources.<name>.url.",
            ) from error
        return reading.document(answer.content)

    @property
    def _host(self) -> str:
        import httpx  # heavy: the same

        return httpx.URL(self.url).netloc.decode()
