"""Socket Mode's server side: tickets, open sockets, envelopes out and acknowledgements back."""

import asyncio
import contextlib
import json
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.workspace import transports
from bot.workspace.state import Json

MOST_SOCKETS = 10
TICKET_SECONDS = 30.0


class NotConnectedError(Exception):
    """No socket of the app is open."""


@dataclass(eq=False)
class Socket:
    """One open connection of the app."""

    id: str
    connection: WebSocket
    opened_at: float
    unacknowledged: set[str] = field(default_factory=set)
    sent: int = 0


class Sockets:
    """The app's open sockets; each envelope goes to one of them in turn."""

    def __init__(self, app_id: str) -> None:
        self.app_id = app_id
        self.open: list[Socket] = []
        self.opened = asyncio.Event()
        self.on_change: Callable[[], None] = lambda: None
        self._tickets: dict[str, float] = {}
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._turn = 0

    def ticket(self) -> str:
        """A pass for one connection, good for half a minute."""
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = time.monotonic() + TICKET_SECONDS
        return ticket

    async def serve(self, connection: WebSocket) -> None:
        """Run one connection until it closes; a used, old or unknown ticket is refused."""
        if self._tickets.pop(connection.query_params.get("ticket", ""), 0.0) < time.monotonic():
            await connection.close(code=1008)
            return
        await connection.accept()
        if len(self.open) >= MOST_SOCKETS:
            await connection.send_text(json.dumps({"type": "disconnect", "reason": "too_many_websockets"}))
            await connection.close()
            return
        socket = Socket(secrets.token_hex(4), connection, time.time())
        await connection.send_text(json.dumps(self._hello()))
        self.open.append(socket)
        self.opened.set()
        self.on_change()
        try:
            while True:
                transports.acknowledge_at_once(connection.scope)
                self._acknowledge(socket, await connection.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            pass  # RuntimeError: our own drop() closed it while we were reading
        finally:
            self._forget(socket)

    async def request(self, envelope: Json, seconds: float) -> Json:
        """Send to the next socket and wait for its acknowledgement; TimeoutError when none comes."""
        if not self.open:
            raise NotConnectedError
        self._turn += 1
        socket = self.open[self._turn % len(self.open)]
        envelope_id = str(uuid.uuid4())
        answer = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        socket.unacknowledged.add(envelope_id)
        socket.sent += 1
        try:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # it went away: the time limit tells
                await socket.connection.send_text(json.dumps({"envelope_id": envelope_id, **envelope}))
                transports.acknowledge_at_once(socket.connection.scope)
            async with asyncio.timeout(seconds):
                acknowledgement: Json = await answer
                return acknowledgement
        finally:
            self._waiting.pop(envelope_id, None)
            socket.unacknowledged.discard(envelope_id)

    async def drop(self, reason: str | None = None) -> int:
        """Close every socket, with Slack's `disconnect` message first when there is a reason; how many."""
        sockets = list(self.open)
        for socket in sockets:
            self._forget(socket)
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # it may be gone already
                if reason:
                    text = json.dumps(
                        {"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}}
                    )
                    await socket.connection.send_text(text)
                if reason != "warning":
                    await socket.connection.close(code=1001)
                    transports.close(socket.connection.scope)
        return len(sockets)

    def list(self) -> list[Json]:
        """The open sockets, for inspection."""
        return [
            {"id": s.id, "opened_at": s.opened_at, "sent": s.sent, "unacknowledged": sorted(s.unacknowledged)}
            for s in self.open
        ]

    def _hello(self) -> Json:
        debug = {
            "host": "local",
            "started": time.time(),
            "build_number": 1,
            "approximate_connection_time": 18060,
        }
        return {
            "type": "hello",
            "num_connections": len(self.open) + 1,
            "debug_info": debug,
            "connection_info": {"app_id": self.app_id},
        }

    def _acknowledge(self, socket: Socket, text: str) -> None:
        with contextlib.suppress(ValueError):  # what is not JSON is no acknowledgement
            message = json.loads(text)
            waiting = self._waiting.get(message.get("envelope_id", ""))
            if waiting is not None and not waiting.done() and message["envelope_id"] in socket.unacknowledged:
                waiting.set_result(message)

    def _forget(self, socket: Socket) -> None:
        if socket not in self.open:
            return
        self.open.remove(socket)
        if not self.open:
            self.opened.clear()
        self.on_change()
