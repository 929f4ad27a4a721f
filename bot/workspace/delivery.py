"""How the app hears: interactions that want an answer in three seconds, events that are retried."""

import asyncio
import hashlib
import hmac
import json
import logging
import secrets
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from bot.workspace.sockets import NotConnectedError, Sockets
from bot.workspace.state import Json

log = logging.getLogger(__name__)

# slack_sdk's built-in client reads recursively and dies of a burst of some hundred envelopes.
EVENTS_AT_ONCE = 16


@dataclass(frozen=True)
class Answer:
    """What came back: acknowledged or not, with which payload, or Slack's error code."""

    ok: bool
    payload: Json = field(default_factory=dict)
    error: str = ""
    reason: str = ""
    may_retry: bool = True


@dataclass(frozen=True)
class Patience:
    """Time limits in seconds: for an answer, between retries of an event, and for a lost app to come back."""

    answer: float = 3.0
    retries: tuple[float, ...] = (0.1, 1.0, 5.0)
    hold: float = 360.0


class Delivery:
    """Sends envelopes over Socket Mode or signed HTTP, whichever is set."""

    def __init__(self, sockets: Sockets, secret: str, patience: Patience) -> None:
        self.sockets = sockets
        self.patience = patience
        self.url = ""
        self.duplicates = 0
        self.pending: set[asyncio.Task[None]] = set()
        self.on_event: Callable[[Json, Answer, int], None] = lambda body, answer, attempt: None
        self._secret = secret
        self._lane = asyncio.Semaphore(EVENTS_AT_ONCE)
        self._client: httpx.AsyncClient | None = None

    @property
    def connected(self) -> bool:
        """Whether there is anybody to deliver to."""
        return bool(self.url or self.sockets.open)

    async def ask(self, kind: str, payload: Json) -> Answer:
        """Deliver an interaction (`slash_commands` or `interactive`) once and return the app's answer."""
        envelope = {"type": kind, "accepts_response_payload": True, "payload": payload}
        return await self._send(envelope, attempt=0, reason="")

    def tell(self, body: Json) -> None:
        """Deliver an event, in the background, with Slack's retries."""
        task = asyncio.get_running_loop().create_task(self._tell(body))
        self.pending.add(task)
        task.add_done_callback(self.pending.discard)

    async def verify(self, url: str) -> bool:
        """Slack's handshake with a request URL: it must send the challenge back."""
        challenge = secrets.token_hex(16)
        body = {"type": "url_verification", "token": "local", "challenge": challenge}
        answer = await self._post(url, json.dumps(body), "application/json", {})
        return answer.ok and challenge in json.dumps(answer.payload)

    async def close(self) -> None:
        """Stop retrying and let go of connections."""
        for task in list(self.pending):
            task.cancel()
        await asyncio.gather(*self.pending, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    async def _tell(self, body: Json) -> None:
        answer = await self._attempt(body, 0, "")
        for number, delay in enumerate(self.patience.retries, start=1):
            if answer.ok or not answer.may_retry:
                break
            if not self.connected:
                await self._wait_for_app()
            else:
                await asyncio.sleep(delay)
            answer = await self._attempt(body, number, answer.reason)
        if answer.ok and self.duplicates > 0:
            self.duplicates -= 1
            await self._attempt(body, 1, "timeout")

    async def _attempt(self, body: Json, number: int, reason: str) -> Answer:
        envelope = {
            "type": "events_api",
            "accepts_response_payload": False,
            "payload": body,
            "retry_attempt": number,
            "retry_reason": reason,
        }
        async with self._lane:
            answer = await self._send(envelope, number, reason)
        self.on_event(body, answer, number)
        return answer

    async def _wait_for_app(self) -> None:
        try:
            async with asyncio.timeout(self.patience.hold):
                await self.sockets.opened.wait()
        except TimeoutError:
            log.warning("an event waited %.0f s for the app and was dropped", self.patience.hold)

    async def _send(self, envelope: Json, attempt: int, reason: str) -> Answer:
        if self.url:
            return await self._send_http(envelope, attempt, reason)
        try:
            acknowledgement = await self.sockets.request(envelope, self.patience.answer)
        except NotConnectedError:
            return Answer(False, error="dispatch_failed", reason="connection_failed")
        except TimeoutError:
            return Answer(False, error="operation_timeout", reason="timeout")
        return Answer(True, _payload(acknowledgement.get("payload")))

    async def _send_http(self, envelope: Json, attempt: int, reason: str) -> Answer:
        payload, form = envelope["payload"], "application/x-www-form-urlencoded"
        retry = (
            {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": f"http_{reason}"} if attempt else {}
        )
        if envelope["type"] == "events_api":
            return await self._post(self.url, json.dumps(payload), "application/json", retry)
        fields = payload if envelope["type"] == "slash_commands" else {"payload": json.dumps(payload)}
        return await self._post(self.url, urllib.parse.urlencode(fields), form, {})

    async def _post(self, url: str, body: str, content_type: str, more: dict[str, str]) -> Answer:
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0",
            **self._signature(body),
            **more,
        }
        if self._client is None:
            self._client = httpx.AsyncClient(trust_env=False)
        try:
            async with asyncio.timeout(self.patience.answer):
                response = await self._client.post(url, content=body, headers=headers, timeout=None)
        except TimeoutError:
            return Answer(False, error="operation_timeout", reason="timeout")
        except httpx.HTTPError:
            return Answer(False, error="dispatch_failed", reason="connection_failed")
        if response.status_code != httpx.codes.OK:
            may_retry = response.headers.get("X-Slack-No-Retry") != "1"
            return Answer(False, error="dispatch_failed", reason="error", may_retry=may_retry)
        return Answer(True, _payload(response.text))

    def _signature(self, body: str) -> dict[str, str]:
        timestamp = str(int(time.time()))
        digest = hmac.new(self._secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256)
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest.hexdigest()}"}


def _payload(answer: object) -> Json:
    if isinstance(answer, str):
        try:
            answer = json.loads(answer)
        except ValueError:
            return {"text": answer} if isinstance(answer, str) and answer.strip() else {}
    return answer if isinstance(answer, dict) else {}
