"""Slack's Web API as the sender needs it: calls, and what their failures mean."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from html import unescape
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.adapters import trust
from bot.pace import Pace
from bot.traffic import Traffic
from ops_core.errors import OpsError, Unavailable

EVENT_TYPE = "tocsin_outbox"
Mark = tuple[str, str]
"""The outbox row that a message carries, and when it was written."""
_PASSING = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_OURS = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "org_login_required", "token_expired", "token_revoked"}
)
"""Something is wrong with our token, not with the message; somebody will mend it."""
_urgent: ContextVar[bool] = ContextVar("urgent", default=False)
_FORM_METHODS = frozenset(
    {
        "conversations.history",
        "conversations.info",
        "conversations.list",
        "conversations.replies",
        "files.getUploadURLExternal",
    }
)
"""Slack reads these as forms only."""


class SlackRefusal(OpsError):
    """Slack said no, and will say so again; `code` is its error code."""

    def __init__(self, method: str, code: str, needed: str = "") -> None:
        more = f" (needs the scope {needed})" if needed else ""
        super().__init__(
            f"Slack refused {method}: {code}{more}", hint="`tocsin doctor` tells how to mend it."
        )
        self.code = code


class SlackBusy(Unavailable):
    """Slack did not answer, or failed; what was asked may have happened all the same."""


class SlackFull(Unavailable):
    """A limit is reached, by our count or by Slack's word; nothing was done. Come back after `wait`."""

    def __init__(self, method: str, wait: timedelta) -> None:
        super().__init__(f"Slack asks to wait {wait.total_seconds():.1f} s before {method}.")
        self.wait = wait


class Slack:
    """The calls of the sender. Every method raises `SlackRefusal`, `SlackBusy` or `SlackFull`."""

    def __init__(self, client: WebClient, pace: Pace | None = None, traffic: Traffic | None = None) -> None:
        self.client = client
        self.pace = pace or Pace()
        self.traffic = traffic or Traffic()

    @contextmanager
    def urgently(self, urgent: bool) -> Iterator[None]:
        """Calls of this thread in the block are paced as urgent, or not."""
        before = _urgent.set(urgent)
        try:
            yield
        finally:
            _urgent.reset(before)

    def post(
        self, channel: str, words: Mapping[str, Any], mark: Mapping[str, Any], thread_ts: str | None
    ) -> tuple[str, str]:
        """Post a message; returns its channel and ts."""
        answer = self._call(
            "chat.postMessage",
            channel=channel,
            **words,
            thread_ts=thread_ts,
            metadata={"event_type": EVENT_TYPE, "event_payload": dict(mark)},
            unfurl_links=False,
        )
        return answer["channel"], answer["ts"]

    def edit(self, channel: str, ts: str, words: Mapping[str, Any]) -> None:
        """Change a message in place."""
        self._call("chat.update", channel=channel, ts=ts, **words)

    def create_channel(self, name: str) -> str:
        """Make a public channel; returns its id."""
        return str(self._call("conversations.create", name=name)["channel"]["id"])

    def find_channel(self, name: str) -> dict[str, Any] | None:
        """The channel of that name, if there is one."""
        for page in self._pages("conversations.list", exclude_archived=True, limit=500):
            for channel in page["channels"]:
                if channel["name"] == name:
                    return dict(channel)
        return None

    def join(self, channel: str) -> None:
        """Become a member of a public channel; where that cannot be, do without."""
        with _allowed("method_not_supported_for_channel_type", "channel_not_found", "is_archived"):
            self._call("conversations.join", channel=channel)

    def open_direct(self, person: str) -> str:
        """The channel of our direct messages with a person."""
        return str(self._call("conversations.open", users=person)["channel"]["id"])

    def invite(self, channel: str, people: Sequence[str]) -> None:
        """Invite people; those who are there already are no error."""
        with _allowed("already_in_channel", "cant_invite_self"):
            self._call("conversations.invite", channel=channel, users=",".join(people))

    def pin(self, channel: str, ts: str) -> None:
        """Pin a message; twice is once."""
        with _allowed("already_pinned"):
            self._call("pins.add", channel=channel, timestamp=ts)

    def has_topic(self, channel: str, text: str) -> bool:
        """Whether that is the topic already; Slack tells the channel each time that it is set."""
        topic = self._call("conversations.info", channel=channel)["channel"].get("topic") or {}
        return unescape(str(topic.get("value", ""))) == text[:250]

    def topic(self, channel: str, text: str) -> None:
        """Set the topic, at most 250 characters."""
        self._call("conversations.setTopic", channel=channel, topic=text[:250])

    def upload(self, name: str, title: str, content: bytes) -> str:
        """Hand a file over, not yet shown anywhere; returns its id."""
        place = self._call("files.getUploadURLExternal", filename=name, length=len(content))
        import httpx  # heavy: 0.1 s, and not needed before the first picture

        try:
            httpx.post(
                place["upload_url"],
                content=content,
                timeout=self.client.timeout,
                verify=trust.of_httpx(trust_env=True),
            ).raise_for_status()
        except httpx.HTTPError as error:
            raise SlackBusy(f"Slack did not take the file {name}: {error}") from error
        return str(place["file_id"])

    def share(self, files: Sequence[tuple[str, str]], channel: str | None, thread_ts: str | None) -> None:
        """Finish uploads, (id, title) each, and show them in a channel if one is given."""
        self._call(
            "files.completeUploadExternal",
            files=[{"id": file, "title": title} for file, title in files],
            channel_id=channel,
            thread_ts=thread_ts,
        )

    def said_since(self, channel: str, since: datetime, thread_ts: str | None) -> Iterator[dict[str, Any]]:
        """The messages of a channel or thread since a time, each with its metadata."""
        oldest = f"{(since - timedelta(seconds=60)).timestamp():.6f}"
        method, more = "conversations.history", {}
        if thread_ts:
            method, more = "conversations.replies", {"ts": thread_ts}
        for page in self._pages(
            method, channel=channel, oldest=oldest, include_all_metadata=True, limit=200, **more
        ):
            yield from page["messages"]

    def whoami(self) -> str:
        """The user id of the bot itself."""
        return str(self._call("auth.test")["user_id"])

    def _pages(self, method: str, **arguments: Any) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            page = self._call(method, **arguments, **({"cursor": cursor} if cursor else {}))
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _call(self, method: str, **arguments: Any) -> dict[str, Any]:
        sent = {name: value for name, value in arguments.items() if value is not None}
        channel = str(sent.get("channel", ""))
        if wait := self.pace.take(method, channel, urgent=_urgent.get()):
            raise SlackFull(method, timedelta(seconds=wait))
        began, outcome = time.monotonic(), "failed"
        try:
            with _translated(method):
                answer = self._answer(method, sent)
            outcome = "ok"
        except SlackFull as full:
            outcome = "limited"
            self.pace.hold(method, channel, full.wait.total_seconds())
            raise
        except SlackRefusal:
            outcome = "refused"
            raise
        finally:
            self.traffic.note(method, outcome, time.monotonic() - began)
        return answer

    def _answer(self, method: str, sent: Mapping[str, Any]) -> dict[str, Any]:
        if method in _FORM_METHODS:
            answer = self.client.api_call(method, params=dict(sent))
        else:
            answer = self.client.api_call(method, json=dict(sent))
        return dict(answer.data) if isinstance(answer.data, dict) else {}


def mark_of(message: Mapping[str, Any]) -> Mark | None:
    """Which row of the outbox a message carries; None for any other message."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    return str(payload.get("outbox")), str(payload.get("at"))


@contextmanager
def _allowed(*codes: str) -> Iterator[None]:
    try:
        yield
    except SlackRefusal as refusal:
        if refusal.code not in codes:
            raise


@contextmanager
def _translated(method: str) -> Iterator[None]:
    try:
        yield
    except SlackApiError as error:
        raise _meaning(method, error) from error
    except (URLError, OSError, HTTPException, SlackRequestError) as error:
        raise SlackBusy(f"Slack did not answer {method}: {error}") from error


def _asked_to_wait(error: SlackApiError) -> float:
    """How many seconds; 0 when it is another error."""
    response: Any = error.response
    status, headers = getattr(response, "status_code", 200), getattr(response, "headers", {}) or {}
    if status != 429 and _code(error) != "ratelimited":
        return 0.0
    wait = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    return max(float(wait), 0.05)


def _code(error: SlackApiError) -> str:
    data = getattr(error.response, "data", None)
    status = getattr(error.response, "status_code", 200)
    return str((data if isinstance(data, dict) else {}).get("error") or f"http_{status}")


def _meaning(method: str, error: SlackApiError) -> OpsError:
    if wait := _asked_to_wait(error):
        return SlackFull(method, timedelta(seconds=wait))
    data, code = getattr(error.response, "data", None), _code(error)
    if getattr(error.response, "status_code", 200) >= 500 or code in _PASSING:
        return SlackBusy(f"Slack failed at {method}: {code}")
    if code in _OURS:
        return SlackBusy(f"Slack does not accept our token ({code}); `tocsin doctor` tells more.")
    return SlackRefusal(method, code, str(data.get("needed") or "") if isinstance(data, dict) else "")
