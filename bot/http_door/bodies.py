"""Reads bodies up to a limit, and writes short answers, straight on ASGI: this is the busiest way in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.types import Message, Receive, Scope, Send


class TooLarge(Exception):
    """The body is larger than is taken."""


class Gone(Exception):
    """The sender hung up."""


def length_of(headers: Mapping[bytes, bytes]) -> int:
    """How long the sender says that the body is; 0 when it does not say."""
    said = headers.get(b"content-length", b"")
    return int(said) if said.isdigit() and len(said) < 16 else 0


async def body_of(receive: Receive, most: int) -> bytes:
    """The whole body. Raises `TooLarge` as soon as it is, `Gone` when there is nobody to answer."""
    message: Message = await receive()
    parts = bytearray()
    while message["type"] == "http.request":
        piece: bytes = message.get("body", b"")
        if len(parts) + len(piece) > most:
            raise TooLarge
        if not message.get("more_body", False):
            return bytes(parts) + piece if parts else piece
        parts += piece
        message = await receive()
    raise Gone


async def answer(send: Send, status: int, said: Mapping[str, Any], *more: tuple[bytes, bytes]) -> None:
    """A short JSON answer."""
    body = orjson.dumps(said)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def path_of(scope: Scope) -> str:
    """The path of a request, or nothing for what is no request."""
    return scope["path"] if scope["type"] == "http" else ""
