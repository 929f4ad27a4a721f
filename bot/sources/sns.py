"""Amazon SNS: CloudWatch alarms of known topics, signed by Amazon; a subscription is confirmed by itself."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.sources import reading
from bot.sources.hearing import Hearing
from bot.sources.proofs import Request
from ops_core.alerts.heard import Heard
from ops_core.errors import Invalid

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

ADDRESS = re.compile(r"https://sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?/[!-~]{0,2000}")
OLDEST = timedelta(hours=1)
"""Amazon tries for less; what is older was recorded by somebody."""
CONFIRMATION = "SubscriptionConfirmation"

_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    CONFIRMATION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": (
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ),
}
_KNOWN = frozenset(
    (
        "AlarmName",
        "AlarmDescription",
        "NewStateValue",
        "NewStateReason",
        "StateChangeTime",
        "Region",
        "Trigger",
    )
)

Fetch = Callable[[str], bytes]
"""Gets what an https address of Amazon's holds. Raises `Unavailable`."""


@dataclass(repr=False)
class SnsSigned:
    """Amazon's signature of a message of one of our topics, by a certificate that only Amazon can serve."""

    topics: frozenset[str]
    fetch: Fetch
    needs_body = True
    _certificates: dict[str, Certificate] = field(default_factory=dict)

    def holds(self, request: Request, now: datetime) -> bool:
        """Whether Amazon signed it, lately, for a topic of ours; a confirmation is answered at once."""
        try:
            told = reading.record(reading.document(request.body), "the body")
            signed = self._is_signed(told, now)
            if signed and told.get("Type") == CONFIRMATION:
                self.fetch(amazon(told.get("SubscribeURL")))
        except Invalid:  # no JSON, or an address elsewhere: not Amazon's
            return False
        return signed

    def _is_signed(self, told: dict[str, Any], now: datetime) -> bool:
        names = _SIGNED.get(reading.text(told.get("Type")))
        at = reading.moment(told.get("Timestamp"), "Timestamp")
        if names is None or told.get("TopicArn") not in self.topics or at is None or abs(now - at) > OLDEST:
            return False
        signed = "".join(
            f"{name}\n{reading.text(told[name])}\n" for name in names if told.get(name) is not None
        )
        certificate = self._certificate(amazon(told.get("SigningCertURL")))
        inside = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
        version = reading.text(told.get("SignatureVersion"))
        return inside and fits(certificate, reading.text(told.get("Signature")), signed.encode(), version)

    def _certificate(self, address: str) -> Certificate:
        if address not in self._certificates:
            from cryptography import x509  # the extra sns, and 0.1 s

            try:
                found = x509.load_pem_x509_certificate(self.fetch(address))
            except ValueError:
                raise Invalid("What Amazon serves there is no certificate.") from None
            if len(self._certificates) >= 16:  # Amazon changes them about once a year
                self._certificates.clear()
            self._certificates[address] = found
        return self._certificates[address]


def amazon(value: Any) -> str:
    """An https address of Amazon SNS itself. Raises `Invalid` for any other."""
    address = reading.text(value)
    if not ADDRESS.fullmatch(address):
        raise Invalid("The address is not one of Amazon SNS.")
    return address


def fits(certificate: Certificate, signature: str, signed: bytes, version: str) -> bool:
    """Whether a signature is the certificate's: SHA-1 in version 1, SHA-256 in version 2."""
    from cryptography.exceptions import InvalidSignature  # the extra sns, and 0.1 s
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA1, SHA256

    key = certificate.public_key()
    hashes = {"1": SHA1, "2": SHA256}
    if version not in hashes or not isinstance(key, RSAPublicKey):
        return False
    try:
        key.verify(base64.b64decode(signature), signed, PKCS1v15(), hashes[version]())
    except (InvalidSignature, binascii.Error):
        return False
    return True


def parse(document: Any, hearing: Hearing) -> list[Heard]:
    """The CloudWatch alarm in a notification; nothing in confirmations, or without data."""
    told = reading.record(document, "the body")
    if told.get("Type") != "Notification":
        return []
    return [each for each in [_alarm(_message(told), told, hearing)] if each is not None]


def _message(told: dict[str, Any]) -> dict[str, Any]:
    try:
        found = json.loads(reading.text(told.get("Message")))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or "AlarmName" not in found:
        raise Invalid(
            "Message is no CloudWatch alarm.",
            hint="Send other messages to a topic of their own.",
            field="Message",
        )
    return found


def _alarm(alarm: dict[str, Any], told: dict[str, Any], hearing: Hearing) -> Heard | None:
    state = alarm.get("NewStateValue")
    if state not in ("ALARM", "OK"):
        return None  # INSUFFICIENT_DATA is neither well nor not
    at = reading.moment(alarm.get("StateChangeTime"), "StateChangeTime") or hearing.now
    given = alarm.get("Trigger")
    trigger = given if isinstance(given, dict) else {}
    named = {
        "alertname": alarm.get("AlarmName"),
        "region": alarm.get("Region"),
        "account": alarm.get("AWSAccountId"),
        "namespace": trigger.get("Namespace"),
        "metric": trigger.get("MetricName"),
    }
    words = {
        "summary": alarm.get("AlarmDescription") or alarm.get("AlarmName"),
        "description": alarm.get("NewStateReason"),
    }
    return hearing.heard(
        reading.labels({name: one for name, one in named.items() if one} | _dimensions(trigger), "Message"),
        reading.rest(alarm, _KNOWN)
        | reading.words({name: one for name, one in words.items() if one}, "Message"),
        at,
        at if state == "OK" else None,
        key=told.get("MessageId"),
    )


def _dimensions(trigger: dict[str, Any]) -> dict[str, Any]:
    found = trigger.get("Dimensions")
    each_of = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return {reading.text(each.get("name")): each.get("value") for each in each_of[:30] if each.get("name")}
