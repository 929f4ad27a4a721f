"""HTTP calls to other systems: their answers, or an error that says whether trying again may help."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.adapters import trust
from ops_core.errors import Invalid, OpsError, Unavailable

SECONDS = 10.0
_LATER = (408, 425, 429)


class Busy(Unavailable):
    """It asked to come back later; `retry_after` says when, if it did."""

    def __init__(self, said: str, retry_after: timedelta | None = None) -> None:
        super().__init__(said)
        self.retry_after = retry_after


def call(
    name: str,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, Any] | None = None,
    json: Any = None,
    content: bytes | None = None,
) -> Any:
    """The JSON of an answer, or its text. Raises `Unavailable` when it may work later, else `Invalid`.

    Errors name the system and what it said, never the headers, which hold secrets.
    """
    import httpx  # heavy: 0.2 s

    try:
        answer = httpx.request(
            method,
            url,
            headers=headers,
            params=params,
            json=json,
            content=content,
            timeout=SECONDS,
            verify=trust.of_httpx(trust_env=True),
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(f"{name} did not answer: {type(error).__name__}") from error
    if answer.is_success:
        return _read(answer)
    raise _meaning(name, answer)


def _read(answer: Any) -> Any:
    try:
        return answer.json()
    except ValueError:
        return answer.text


def _meaning(name: str, answer: Any) -> OpsError:
    said = f"{name} answered {answer.status_code}: {_reason(answer)}"
    if answer.status_code in _LATER:
        wait = answer.headers.get("retry-after", "")
        return Busy(said, timedelta(seconds=int(wait)) if wait.isdecimal() else None)
    if answer.status_code >= 500:
        return Unavailable(said)
    return Invalid(said, hint="Look at its key and address in the settings; `tocsin doctor` tries them.")


def _reason(answer: Any) -> str:
    """What it said, short and on one line."""
    body = _read(answer)
    if isinstance(body, dict):
        error = body.get("error")
        parts = [body.get("message") or (error.get("message") if isinstance(error, dict) else error)]
        parts += body.get("errors") or []
        body = "; ".join(str(part) for part in parts if part)
    return " ".join(str(body).split())[:200] or "nothing more"
