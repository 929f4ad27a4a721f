"""Reaching people: each way says what its receiver needs, and tells what trying again can mend."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from bot.adapters.calling import Busy
from bot.adapters.mail import Mail
from bot.adapters.opsgenie import Opsgenie
from bot.adapters.pagerduty import PagerDuty
from bot.adapters.webhook import Webhook
from bot.settings.reach import (
    MailSettings,
    OpsgenieSettings,
    PagerDutySettings,
    SmsSettings,
    WebhookSettings,
)
from ops_core.errors import Invalid, OpsError, Unavailable
from ops_core.oncall.person import Person, Way
from ops_core.oncall.reach import Act, Notice
from ops_core.severity import Severity
from tests.adapters.mailbox import Box, mail_server
from tests.adapters.receivers import Receiver, receiving

KEY = "k" * 32
VERA = Person("vp", "Vera", None, "vera@example.test", "+491", (Way.EMAIL,))
NOTICE = Notice(
    key="tocsin-4-vp",
    number="tocsin-page-9",
    act=Act.TRIGGER,
    person=VERA,
    severity=Severity.P0,
    ref="INC-3",
    title="F1 fell",
    text="You are paged\nF1 fell\n",
    at=datetime(2026, 11, 20, 12, tzinfo=UTC),
    model="churn",
)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Something that listens."""
    with receiving() as found:
        yield found


def pagerduty(receiver: Receiver, key: str = KEY) -> PagerDuty:
    """PagerDuty, with Vera's key."""
    return PagerDuty(PagerDutySettings(events_url=f"{receiver.url}/v2/enqueue"), {"vp": SecretStr(key)})


def test_pagerduty_gets_all_three_events_under_one_key(receiver: Receiver) -> None:
    """With what it requires of each."""
    for act in Act:
        pagerduty(receiver).send(replace(NOTICE, act=act))
    assert [event["event_action"] for event in receiver.events] == ["trigger", "acknowledge", "resolve"]
    assert {event["dedup_key"] for event in receiver.events} == {NOTICE.key}
    payload = receiver.events[0]["payload"]
    assert (payload["summary"], payload["source"], payload["severity"]) == (
        "INC-3 F1 fell",
        "churn",
        "critical",
    )


def test_pagerduty_refuses_a_wrong_key_for_good(receiver: Receiver) -> None:
    """Its reason is told, the key is not."""
    with pytest.raises(Invalid, match="Length of 'routing_key' is incorrect") as caught:
        pagerduty(receiver, "hunter2").send(NOTICE)
    assert "hunter2" not in f"{caught.value.message}{caught.value.hint}"


@pytest.mark.parametrize(("status", "may_retry"), [(429, True), (500, True), (503, True), (403, False)])
def test_who_is_busy_is_asked_again(receiver: Receiver, status: int, may_retry: bool) -> None:
    """What the caller may not do stays so."""
    receiver.fail = [(status, {"message": "no"})]
    with pytest.raises(OpsError) as caught:
        pagerduty(receiver).send(NOTICE)
    assert caught.value.may_retry is may_retry
    if isinstance(caught.value, Busy):
        assert caught.value.retry_after == timedelta(seconds=7)


def test_who_is_away_is_asked_again() -> None:
    """Nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Unavailable, match="PagerDuty did not answer"):
        pagerduty(Receiver(f"http://127.0.0.1:{port}")).send(NOTICE)


def test_opsgenie_creates_acknowledges_and_closes_by_alias(receiver: Receiver) -> None:
    """For the user, under one alias."""
    opsgenie = Opsgenie(
        OpsgenieSettings(api_key=SecretStr("hunter2"), api_url=receiver.url), {"vp": "vera@example.test"}
    )
    for act in Act:
        opsgenie.send(replace(NOTICE, act=act))
    paths = [path for path, _headers, _body in receiver.requests]
    assert paths == [
        "/v2/alerts",
        "/v2/alerts/tocsin-4-vp/acknowledge?identifierType=alias",
        "/v2/alerts/tocsin-4-vp/close?identifierType=alias",
    ]
    alert = receiver.events[0]
    assert (alert["alias"], alert["priority"]) == ("tocsin-4-vp", "P1")
    assert alert["responders"] == [{"type": "user", "username": "vera@example.test"}]
    assert receiver.requests[0][1]["Authorization"] == "GenieKey hunter2"


def test_the_webhook_is_signed(receiver: Receiver) -> None:
    """Over the bytes that arrive; the delivery has a number of its own."""
    Webhook(WebhookSettings(url=receiver.url, secret=SecretStr("s"))).send(NOTICE)
    _path, headers, body = receiver.requests[0]
    assert headers["X-Tocsin-Signature"] == "sha256=" + hmac.new(b"s", body, hashlib.sha256).hexdigest()
    assert headers["X-Tocsin-Delivery"] == "tocsin-page-9"
    assert json.loads(body)["severity"] == "P0" and json.loads(body)["person"] == "Vera"


def test_a_template_shapes_what_an_sms_gateway_gets(receiver: Receiver) -> None:
    """Foreign text stays inside its quotes."""
    body = '{"to": {{ phone|tojson }}, "body": {{ title|tojson }}}'
    hostile = 'x", "to": "+666'
    Webhook(SmsSettings(url=receiver.url, body=body)).send(replace(NOTICE, title=hostile))
    assert receiver.events == [{"to": "+491", "body": hostile}]


@pytest.mark.parametrize("body", ["{{ title }}", "{{ nothing|tojson }}"])
def test_a_template_that_gives_no_json_is_told(receiver: Receiver, body: str) -> None:
    """For good, with what there is to use."""
    with pytest.raises(Invalid, match="gives no JSON") as caught:
        Webhook(SmsSettings(url=receiver.url, body=body)).send(NOTICE)
    assert "phone" in caught.value.hint and receiver.requests == []


def test_a_broken_template_is_refused_at_start() -> None:
    """Before anybody needs it."""
    with pytest.raises(Invalid, match="is no template"):
        Webhook(WebhookSettings(url="http://127.0.0.1:1", body="{{ title"))


@pytest.fixture
def box() -> Iterator[tuple[Box, MailSettings]]:
    """A mail server on loopback, and how to reach it."""
    with mail_server() as found:
        yield (
            found,
            MailSettings(server="127.0.0.1", port=found.port, tls="none", sender="tocsin@example.test"),
        )


def test_a_mail_says_what_a_pager_says(box: tuple[Box, MailSettings]) -> None:
    """With a subject to be woken by, and mails of one matter in one thread."""
    for act in (Act.TRIGGER, Act.RESOLVE):
        Mail(box[1]).send(replace(NOTICE, act=act))
    first, last = box[0].mails
    assert (first["Subject"], first["To"]) == ("[PAGE] P0 INC-3 F1 fell", "vera@example.test")
    assert first.get_content().splitlines() == ["You are paged", "F1 fell"]
    assert last["Subject"].startswith("[OVER]") and last["References"] == first["References"]


def test_no_header_can_be_written_by_a_title(box: tuple[Box, MailSettings]) -> None:
    """A line break in foreign text is no new header."""
    Mail(box[1]).send(replace(NOTICE, title="x\nBcc: eve@example.test"))
    assert box[0].mails[0]["Bcc"] is None and box[0].mails[0]["Subject"].endswith("x Bcc: eve@example.test")


@pytest.mark.parametrize(("answer", "may_retry"), [("450 busy", True), ("550 no such user", False)])
def test_a_refused_mail_tells_whether_to_try_again(
    box: tuple[Box, MailSettings], answer: str, may_retry: bool
) -> None:
    """Codes from 500 are for good."""
    box[0].refuses = answer
    with pytest.raises(OpsError, match="refused the mail") as caught:
        Mail(box[1]).send(NOTICE)
    assert caught.value.may_retry is may_retry


def test_no_mail_is_sent_in_the_clear_by_default(box: tuple[Box, MailSettings]) -> None:
    """A server without STARTTLS is not trusted with it."""
    settings = box[1].model_copy(update={"tls": "starttls"})
    with pytest.raises(Unavailable, match="did not take the mail"):
        Mail(settings).send(NOTICE)
    assert box[0].mails == []
