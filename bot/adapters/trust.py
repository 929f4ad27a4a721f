"""Whom our HTTPS connections believe: reading all certificates takes 50 ms, so it is done once and shared."""

from __future__ import annotations

import ssl
from functools import cache


@cache
def of_the_system() -> ssl.SSLContext:
    """What this machine trusts, as Slack's client does; left to itself it reads them for each call."""
    return ssl.create_default_context()


@cache
def of_httpx(*, trust_env: bool) -> ssl.SSLContext:
    """What httpx trusts, whose clients each read them; with `trust_env` as its variables say."""
    import httpx  # heavy: 0.2 s

    return httpx.create_ssl_context(trust_env=trust_env)
