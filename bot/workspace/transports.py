"""What only the server's own connection object can do: cut a connection, or acknowledge packets at once."""

import socket
from typing import Any

from starlette.types import Scope, Send

# Linux's switch against delayed TCP acknowledgements; absent elsewhere.
QUICK_ACK = getattr(socket, "TCP_QUICKACK", None)


def remember(scope: Scope, send: Send) -> None:
    """Keep the connection of a request; the server's `send` is a method of the one object that knows it."""
    scope["transport"] = getattr(getattr(send, "__self__", None), "transport", None)


def abort(scope: Scope) -> None:
    """Cut the connection without an answer, as a network fault would."""
    transport: Any = scope.get("transport")
    if transport is not None:
        transport.abort()


def close(scope: Scope) -> None:
    """End the connection after what was written, without waiting for the other side to agree."""
    transport: Any = scope.get("transport")
    if transport is not None:
        transport.close()


def acknowledge_at_once(scope: Scope) -> None:
    """Spare the app's next small frame 40 ms.

    Slack's socket clients leave Nagle's algorithm on, so a frame waits until the one before is acknowledged,
    which the kernel puts off. It forgets the switch, so it is set again after each frame.
    """
    transport: Any = scope.get("transport")
    connection = transport.get_extra_info("socket") if transport is not None else None
    if connection is not None and QUICK_ACK is not None:
        connection.setsockopt(socket.IPPROTO_TCP, QUICK_ACK, 1)
