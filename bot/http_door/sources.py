"""`POST /sources/<name>`: what another monitor says, answered with 202 once it is on the disk."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from bot.http_door.bodies import Gone, TooLarge, answer, body_of, length_of
from bot.http_door.landing import Landing
from bot.sources.hearing import TooMany
from bot.sources.proofs import Request
from bot.sources.source import Source
from ops_core.alerts.heard import Heard
from ops_core.clock import Clock
from ops_core.errors import Invalid, OpsError

log = logging.getLogger(__name__)

PREFIX = "/sources/"
MOST_WAITING = 2_000
"""Requests that may wait for the disk; more are asked to come again."""
CLOSE = (b"connection", b"close")
AGAIN = (b"retry-after", b"1")

Submit = Callable[[Source, Sequence[Heard]], "Future[Any]"]
"""Begins to take what a source said; the future is done when it is on the disk."""


class SourcesDoor:
    """An ASGI application. `counts` says how many requests of each source had which outcome."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        submit: Submit,
        clock: Clock,
        largest_body: int,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self.sources = sources
        self.submit = submit
        self.clock = clock
        self.largest_body = largest_body
        self.most_waiting = most_waiting
        self.counts: Counter[tuple[str, str]] = Counter()
        self._waiting = 0
        self._landing = Landing()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, from its headers to its answer."""
        source = self.sources.get(scope["path"][len(PREFIX) :])
        if source is None:
            await answer(send, 404, {"error": "not found"}, CLOSE)
        elif scope["method"] != "POST":
            await answer(send, 405, {"error": "use POST"}, (b"allow", b"POST"), CLOSE)
        else:
            await self._serve(source, Request(dict(scope["headers"])), receive, send)

    async def _serve(self, source: Source, request: Request, receive: Receive, send: Send) -> None:
        """The webhook edge's one broad except: what goes wrong with one request must not reach others."""
        try:
            outcome, status, said, more = await self._outcome(source, request, receive)
        except Gone:
            return
        except (TooLarge, OpsError) as error:
            outcome, status, said, more = self._declined(source, error)
        except Exception:
            log.exception("source %s", source.name)
            outcome, status, said, more = "failed", 500, {"error": "our own fault; see the log"}, (AGAIN,)
        self.counts[source.name, outcome] += 1
        await answer(send, status, said, *more)

    async def _outcome(self, source: Source, request: Request, receive: Receive) -> Outcome:
        if length_of(request.headers) > self.largest_body:
            raise TooLarge
        if not source.proof.needs_body and not source.is_proven(request, self.clock.now()):
            return self._refused(source)
        request = Request(request.headers, await body_of(receive, self.largest_body))
        if self._waiting >= self.most_waiting:
            return "busy", 503, {"error": "too many requests wait for the disk"}, (AGAIN,)
        self._waiting += 1
        try:
            return await self._taken(source, request)
        finally:
            self._waiting -= 1

    def _declined(self, source: Source, error: TooLarge | OpsError) -> Outcome:
        """What is answered to what could not be taken: theirs to mend, or worth another try."""
        if isinstance(error, TooLarge):
            said = {"error": f"the body is larger than {self.largest_body} bytes"}
            return "too_large", 413, said, (CLOSE,)
        log.warning("source %s: %s", source.name, error.message)
        if isinstance(error, TooMany):
            return "too_large", 413, _said(error), ()
        if isinstance(error, Invalid):
            return "unreadable", 400, _said(error), ()
        return "unavailable", 503, _said(error), (AGAIN,)

    async def _taken(self, source: Source, request: Request) -> Outcome:
        now = self.clock.now()
        if source.proof.needs_body:
            proven = (
                await run_in_threadpool(source.is_proven, request, now)
                if source.slow
                else source.is_proven(request, now)
            )
            if not proven:
                return self._refused(source)
        heard = (
            await run_in_threadpool(source.hear, request.body, now)
            if source.slow
            else source.hear(request.body, now)
        )
        submitted = (
            await run_in_threadpool(self.submit, source, heard) if source.slow else self.submit(source, heard)
        )
        told = await self._landing.of(submitted)
        more = told if isinstance(told, dict) else {}
        return "taken", 202, {"taken": len(heard), **more}, ()

    def _refused(self, source: Source) -> Outcome:
        if self.counts[source.name, "refused"] % 1_000 == 0:  # the first, and no flood of lines
            log.warning("source %s: a request without the right token or signature", source.name)
        return "refused", 401, {"error": "the token or signature is wrong"}, (CLOSE,)


Outcome = tuple[str, int, Mapping[str, Any], tuple[tuple[bytes, bytes], ...]]


def _said(error: OpsError) -> dict[str, str]:
    return {"error": error.message} | ({"hint": error.hint} if error.hint else {})
