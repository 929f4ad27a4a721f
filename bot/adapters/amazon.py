"""Gets small documents from Amazon's hosts: certificates, and the confirmation of a subscription."""

from __future__ import annotations

from ops_core.errors import Unavailable

LARGEST = 100_000


def fetch(address: str) -> bytes:
    """What an address holds; no redirects. Raises `Unavailable`."""
    import httpx  # heavy: 0.2 s

    try:
        answer = httpx.get(address, timeout=5, follow_redirects=False).raise_for_status()
    except httpx.HTTPError as error:
        raise Unavailable(f"Amazon did not answer: {type(error).__name__}.") from error
    if len(answer.content) > LARGEST:
        raise Unavailable("Amazon answered more than a certificate.", may_retry=False)
    return answer.content
