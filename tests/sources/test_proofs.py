"""Who may send: the right token or signature, and nobody else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from mlflow.webhooks.delivery import _generate_hmac_signature

from bot.sources import proofs, sns
from bot.sources.proofs import Request
from tests.sources.hearsay import payload, raw

SECRET = "a secret of twenty letters"
NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
BODY = b'{"any": "thing"}'
TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
KEY = rsa.generate_private_key(65537, 2048)
HASHES = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303 - version 1 of Amazon's signatures


def request(body: bytes = BODY, /, **headers: str) -> Request:
    """A request with these headers."""
    return Request({name.replace("_", "-").encode(): text.encode() for name, text in headers.items()}, body)


def hexed(signed: bytes, secret: str = SECRET) -> str:
    """The HMAC-SHA256 of something, in hexadecimal."""
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def basic(secret: str) -> str:
    """A header of basic authentication with this password."""
    return "Basic " + base64.b64encode(f"grafana:{secret}".encode()).decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"Bearer {SECRET}"},
        {"authorization": f"bearer {SECRET}"},
        {"authorization": basic(SECRET)},
        {"x_tocsin_token": SECRET},
    ],
)
def test_the_token_may_come_in_three_ways(headers: dict[str, str]) -> None:
    """As monitors can send it."""
    assert proofs.Token(SECRET.encode()).holds(request(**headers), NOW)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": f"Bearer {SECRET}x"},
        {"authorization": SECRET},
        {"authorization": f"Digest {SECRET}"},
        {"authorization": basic("wrong")},
        {"authorization": "Basic !!!"},
        {"x_tocsin_token": ""},
    ],
)
def test_anything_else_is_no_token(headers: dict[str, str]) -> None:
    """Nor is a part of it."""
    assert not proofs.Token(SECRET.encode()).holds(request(**headers), NOW)


def test_pagerduty_may_send_two_signatures() -> None:
    """While its secret is changed."""
    both = f"v1={hexed(BODY, 'the old one')},v1={hexed(BODY)}"
    proof = proofs.Signed(SECRET.encode(), "X-PagerDuty-Signature")
    assert proof.holds(request(x_pagerduty_signature=both), NOW)
    assert not proof.holds(request(b"{}", x_pagerduty_signature=both), NOW)
    assert not proof.holds(request(), NOW)


def test_grafana_signs_with_or_without_the_time_or_sends_the_token() -> None:
    """As its contact point is set up."""
    proof, at = proofs.GrafanaSigned(SECRET.encode()), str(int(NOW.timestamp()))
    timed = hexed(f"{at}:".encode() + BODY)
    assert proof.holds(request(x_grafana_alerting_signature=hexed(BODY)), NOW)
    assert proof.holds(request(x_grafana_alerting_signature=timed, x_grafana_alerting_timestamp=at), NOW)
    assert proof.holds(request(authorization=f"Bearer {SECRET}"), NOW)
    assert not proof.holds(request(x_grafana_alerting_signature=timed), NOW)
    assert not proof.holds(request(), NOW)


def test_an_old_request_of_grafana_s_is_refused() -> None:
    """Somebody recorded it."""
    at = str(int((NOW - timedelta(minutes=6)).timestamp()))
    old = request(
        x_grafana_alerting_signature=hexed(f"{at}:".encode() + BODY), x_grafana_alerting_timestamp=at
    )
    assert not proofs.GrafanaSigned(SECRET.encode()).holds(old, NOW)


@pytest.mark.parametrize(("age", "holds"), [(0, True), (299, True), (301, False), (-301, False)])
def test_mlflow_s_own_signature_holds_while_it_is_fresh(age: int, holds: bool) -> None:
    """Made by MLflow's own function."""
    at, body = str(int(NOW.timestamp()) - age), raw("mlflow_alias")
    signature = _generate_hmac_signature(SECRET, "an-id", at, body.decode())
    sent = request(body, x_mlflow_signature=signature, x_mlflow_timestamp=at, x_mlflow_delivery_id="an-id")
    assert proofs.MlflowSigned(SECRET.encode()).holds(sent, NOW) is holds


@pytest.mark.parametrize("at", ["", "soon", "１２３", "9" * 400])
def test_a_time_that_is_none_is_refused(at: str) -> None:
    """Whatever its signature says."""
    signature = _generate_hmac_signature(SECRET, "", at, BODY.decode())
    sent = Request({b"x-mlflow-signature": signature.encode(), b"x-mlflow-timestamp": at.encode()}, BODY)
    assert not proofs.MlflowSigned(SECRET.encode()).holds(sent, NOW)


def pem() -> bytes:
    """A certificate of our own, in place of Amazon's."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = x509.CertificateBuilder(name, name, KEY.public_key(), 7, NOW - timedelta(1), NOW + timedelta(9))
    return made.sign(KEY, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


PEM = pem()


class Amazon:
    """What Amazon's hosts answer, and what was asked of them."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, address: str) -> bytes:
        """The certificate, whatever is asked."""
        self.asked.append(address)
        return PEM


def signed(name: str, version: str = "1", **changes: Any) -> Request:
    """A recorded message, changed and then signed as Amazon would."""
    told = payload(name) | {"SignatureVersion": version} | changes
    names = sns._SIGNED.get(told["Type"], ())
    words = "".join(f"{each}\n{told[each]}\n" for each in names if told.get(each)).encode()
    told["Signature"] = base64.b64encode(KEY.sign(words, padding.PKCS1v15(), HASHES[version])).decode()
    return Request({}, json.dumps(told).encode())


def amazon_holds(sent: Request, fetch: Callable[[str], bytes] | None = None) -> bool:
    """Whether a message of the topic is taken."""
    return sns.SnsSigned(frozenset([TOPIC]), fetch or Amazon()).holds(sent, NOW)


@pytest.mark.parametrize("version", ["1", "2"])
def test_what_amazon_signed_is_taken(version: str) -> None:
    """In both versions; with and without a subject."""
    assert amazon_holds(signed("sns_alarm", version))
    assert amazon_holds(signed("sns_alarm", version, Subject=None))


def test_a_changed_message_is_refused() -> None:
    """The signature belongs to other words."""
    told = json.loads(signed("sns_alarm").body) | {"Message": "{}"}
    assert not amazon_holds(Request({}, json.dumps(told).encode()))


@pytest.mark.parametrize(
    "changes",
    [
        {"TopicArn": "arn:aws:sns:us-east-1:666666666666:alarms"},
        {"Timestamp": "2026-03-02T06:00:00.000Z"},
        {"Timestamp": None},
        {"Type": "Notifikation"},
        {"SigningCertURL": "https://sns.us-east-1.amazonaws.com.example.test/x.pem"},
        {"SigningCertURL": "http://sns.us-east-1.amazonaws.com/x.pem"},
        {"SigningCertURL": "https://sns.us-east-1.amazonaws.com:444/x.pem"},
        {"SigningCertURL": "https://x@sns.us-east-1.amazonaws.com/x.pem"},
        {"SigningCertURL": "https://[/x.pem"},
    ],
)
def test_another_topic_time_kind_or_host_is_refused(changes: dict[str, Any]) -> None:
    """However well it is signed; and nobody else's host is asked."""
    fetch = Amazon()
    assert not amazon_holds(signed("sns_alarm", **changes), fetch)
    assert all(each.startswith("https://sns.us-east-1.amazonaws.com/") for each in fetch.asked)


def test_a_subscription_is_confirmed_at_amazon() -> None:
    """By going where the signed message says."""
    fetch = Amazon()
    assert amazon_holds(signed("sns_confirmation"), fetch)
    assert "Action=ConfirmSubscription" in fetch.asked[-1]


def test_a_subscription_elsewhere_is_not_confirmed() -> None:
    """Nobody sends us to other hosts."""
    fetch = Amazon()
    assert not amazon_holds(signed("sns_confirmation", SubscribeURL="https://example.test/"), fetch)
    assert len(fetch.asked) == 1


def test_the_certificate_is_asked_for_once() -> None:
    """And what is no certificate proves nothing."""
    fetch = Amazon()
    proof = sns.SnsSigned(frozenset([TOPIC]), fetch)
    assert proof.holds(signed("sns_alarm"), NOW) and proof.holds(signed("sns_ok"), NOW)
    assert len(fetch.asked) == 1
    assert not amazon_holds(signed("sns_alarm"), lambda _address: b"<html>")
