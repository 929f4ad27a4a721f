"""How a sender proves that it is who it says: a token or a signature, compared in constant time."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

TOLERANCE = timedelta(minutes=5)
"""How old a signed request may be, where the time is signed too."""


@dataclass(frozen=True)
class Request:
    """What came: headers by their names in lower case, and the body."""

    headers: Mapping[bytes, bytes]
    body: bytes = b""

    def header(self, name: str) -> str:
        """A header's value, or nothing."""
        return self.headers.get(name.lower().encode(), b"").decode("latin-1")


class Proof(Protocol):
    """A way to prove."""

    needs_body: bool
    """False: the headers suffice, so that strangers need not be listened to."""

    def holds(self, request: Request, now: datetime) -> bool:
        """Whether the request is the source's."""
        ...


@dataclass(frozen=True)
class Anybody:
    """No proof: for loopback alone."""

    needs_body = False

    def holds(self, request: Request, now: datetime) -> bool:
        """Always."""
        return True


@dataclass(frozen=True, repr=False)
class Token:
    """`Authorization: Bearer`, the password of `Authorization: Basic`, or `X-Tocsin-Token`."""

    secret: bytes
    needs_body = False

    def holds(self, request: Request, now: datetime) -> bool:
        """Whether the token is ours."""
        given = request.headers.get(b"x-tocsin-token") or _credentials(
            request.headers.get(b"authorization", b"")
        )
        # Of digests, so that not even the length of the secret can be measured.
        return hmac.compare_digest(hashlib.sha256(given).digest(), hashlib.sha256(self.secret).digest())


@dataclass(frozen=True, repr=False)
class Signed:
    """A header with the HMAC-SHA256 of the body in hexadecimal, as many services send it."""

    secret: bytes
    name: str
    needs_body = True

    def holds(self, request: Request, now: datetime) -> bool:
        """Whether one of the signatures in the header fits; there are two while a secret is changed."""
        fitting = _hex(self.secret, request.body)
        given = request.header(self.name).lower().split(",")
        return any(_same(each.strip().rpartition("=")[2], fitting) for each in given)


@dataclass(frozen=True, repr=False)
class GrafanaSigned:
    """Grafana's HMAC signature, with or without its timestamp header; or else the token."""

    secret: bytes
    needs_body = True

    def holds(self, request: Request, now: datetime) -> bool:
        """Whether the signature fits; without one, whether the token does."""
        given = request.header("x-grafana-alerting-signature")
        if not given:
            return Token(self.secret).holds(request, now)
        at = request.header("x-grafana-alerting-timestamp")
        signed = f"{at}:".encode() + request.body if at else request.body
        return _same(given, _hex(self.secret, signed)) and (not at or _is_fresh(at, now))


@dataclass(frozen=True, repr=False)
class MlflowSigned:
    """MLflow's signature of delivery id, time and body, base64 after `v1,`."""

    secret: bytes
    needs_body = True

    def holds(self, request: Request, now: datetime) -> bool:
        """Whether the signature fits and is fresh."""
        at = request.header("x-mlflow-timestamp")
        signed = f"{request.header('x-mlflow-delivery-id')}.{at}.".encode() + request.body
        fitting = base64.b64encode(hmac.digest(self.secret, signed, "sha256")).decode()
        return _same(request.header("x-mlflow-signature"), f"v1,{fitting}") and _is_fresh(at, now)


def _credentials(value: bytes) -> bytes:
    scheme, _, given = value.partition(b" ")
    if scheme.lower() != b"basic":
        return given if scheme.lower() == b"bearer" else b""
    try:
        return base64.b64decode(given, validate=True).partition(b":")[2]
    except binascii.Error:
        return b""


def _hex(secret: bytes, signed: bytes) -> str:
    return hmac.digest(secret, signed, "sha256").hex()


def _same(given: str, fitting: str) -> bool:
    return hmac.compare_digest(given.encode(), fitting.encode())


def _is_fresh(at: str, now: datetime) -> bool:
    """Whether a time in seconds since 1970 is near; nothing else is a time here."""
    return (
        at.isascii()
        and at.isdecimal()
        and len(at) < 13
        and abs(now.timestamp() - int(at)) <= TOLERANCE.total_seconds()
    )
